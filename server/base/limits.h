// Every limit that a user can meet, with the reason for its value. docs/limits.md repeats them; a test compares.
#pragma once

#include <cstdint>

namespace folio::limits {

// --- Requests ---

// A message of a client. Parsing can take 28 times the bytes in memory, so this bounds a request to about 30 MB.
inline constexpr int kRequestBytesMax = 1 << 20;
// What is taken off the wire at all. gRPC itself refuses a larger message, in its own words; up to here a message that
// is too large is told so in ours.
inline constexpr int kReceivedBytesMax = 4 << 20;
// A message of the server: pages are capped by bytes below it.
inline constexpr int kResponseBytesMax = 4 << 20;
// Bytes of the rows of one page; half of what clients accept by default, so that it never fails at their side.
inline constexpr int kPageBytesMax = 2 << 20;
inline constexpr int kPageRowsDefault = 50;
inline constexpr int kPageRowsMax = 1'000;
// Rows of a batch call: all or nothing, so it is held in memory at once.
inline constexpr int kBatchRowsMax = 1'000;
inline constexpr int kRequestIdBytesMax = 64;
// Answers to requests are kept for a day: longer than any client retries.
inline constexpr int64_t kReplyKeptSeconds = 24 * 3600;
// Texts of all faults of one error together. Clients accept 8 KiB of trailers in all, and would take a longer error for
// a broken connection.
inline constexpr int kFaultsBytesMax = 5'120;
// A value that an error repeats, for the same reason.
inline constexpr int kDetailBytesMax = 256;
inline constexpr int kTextBytesMax = 4096;
inline constexpr int kItemsMax = 100;

// --- Filters: enough for people and programs, too little for a query of death ---

inline constexpr int kFilterBytesMax = 4096;
inline constexpr int kFilterNodesMax = 64;
inline constexpr int kFilterDepthMax = 16;
inline constexpr int kOrderColumnsMax = 8;

// --- Formulas of indicators: the same ---

inline constexpr int kFormulaBytesMax = 4096;
inline constexpr int kFormulaNodesMax = 64;
inline constexpr int kFormulaDepthMax = 16;
// Figures that one value of a custom indicator takes, those of others that it names included: each is as dear as an
// indicator of the catalogue.
inline constexpr int kFormulaFiguresMax = 128;

// --- Targets of indicators ---

// Targets of a workspace: each is computed anew after every change that lasts, by one thread.
inline constexpr int kIndicatorTargetsMax = 200;

// --- Server ---

// Calls in progress on the whole server; beyond it calls are refused at once rather than queued without end.
inline constexpr int kCallsInFlightMax = 1'024;
// Bytes of writes that wait for the committer.
inline constexpr int64_t kCommitQueueBytesMax = 64 << 20;
// Transactions of one group: bounds what a single fsync makes wait.
inline constexpr int kGroupTransactionsMax = 256;
inline constexpr int64_t kGroupBytesMax = 8 << 20;
// A group of so many bytes, or of all the transactions it may have, is written while the next one runs. Smaller ones
// are not: those who wait for them would come in two halves, each with an fsync of its own.
inline constexpr int64_t kLargeGroupBytesMin = 128 << 10;
inline constexpr int kWatchesMax = 4'096;
// Bytes that wait for one slow watch before it is ended with FELL_BEHIND.
inline constexpr int64_t kWatchBufferBytesMax = 4 << 20;
inline constexpr int kImportChunksInFlight = 4;
// Without a deadline of the caller, a unary call gets this one.
inline constexpr int kDefaultDeadlineMs = 30'000;

// --- Back-tests and learnt models ---

// Accounts times cut-offs of a back-test: seconds of one worker. Beyond it, accounts are chosen by chance.
inline constexpr int64_t kBacktestSamplesMax = 200'000;
// The same of a fit, which reads its samples some hundred times.
inline constexpr int64_t kFitSamplesMax = 50'000;
// Cut-offs of either: a year of days and a month.
inline constexpr int kCutoffsMax = 400;
// How many run at once on the whole server: they take workers, which others need as well.
inline constexpr int kProofsMax = 2;

// --- Connections ---

inline constexpr int kConnectionsMax = 4'096;
inline constexpr int kConnectionsPerAddressMax = 1'024;

}  // namespace folio::limits
