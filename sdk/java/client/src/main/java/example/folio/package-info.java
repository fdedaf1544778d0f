/** The client of Folio, the system of record for a portfolio of client accounts: {@link example.folio.FolioClient}. */
package example.folio;
