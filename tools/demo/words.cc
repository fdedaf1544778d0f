#include "tools/demo/words.h"

namespace folio::demo {
namespace {

using std::string_view;

constexpr string_view kFrenchFirst[] = {
    "Camille", "Éloïse",   "Théo",      "Manon",    "Lucas",  "Chloé",   "Hugo",    "Inès",    "Mathéo",
    "Zoé",     "Raphaël",  "Jeanne",    "François", "Hélène", "André",   "Noémie",  "Benoît",  "Amélie",
    "Jérôme",  "Agnès",    "Cédric",    "Solène",   "Gaël",   "Maëlle",  "Rémi",    "Célia",   "Aurélien",
    "Léa",     "Loïc",     "Véronique", "Stéphane", "Élodie", "Antoine", "Margaux", "Nicolas", "Clémence",
    "Pierre",  "Sandrine", "Yann",      "Fatou",    "Karim",  "Nadia"};
constexpr string_view kFrenchLast[] = {
    "Lefèvre",  "Moreau",    "Garnier",    "Fournier", "Mercier",   "Béranger",  "Gauthier",    "Chevallier",
    "Lemaître", "Rousseau",  "Perrin",     "Morvan",   "Delacroix", "Girard",    "Bonnet",      "Dupré",
    "Lambert",  "Fontaine",  "Barthélemy", "Caron",    "Marchand",  "Dufour",    "Blanchard",   "Guérin",
    "Boyer",    "Renaud",    "Lacroix",    "Vidal",    "Aubert",    "Rivière",   "Charpentier", "Poirier",
    "Hébert",   "Besson",    "Maréchal",   "Benoît",   "Leblanc",   "Roche",     "Colin",       "Masson",
    "Le Gall",  "Kerbrat",   "Tanguy",     "Jégou",    "Schmitt",   "Muller",    "Haas",        "Etcheverry",
    "Borel",    "Castelnau", "Pélissier",  "Valette",  "Combes",    "Négrier",   "Saint-Yves",  "Thévenot",
    "Grosjean", "Vuillemin", "Jacquet",    "Prévost",  "Lenoir",    "Toussaint", "Maillard",    "Coulon",
    "Boucher",  "Legrand",   "Faivre",     "Brunel",   "Cordier",   "Allard",    "Hénaff",      "Delorme",
    "Picard",   "Séguin",    "Régnier",    "Bazin",    "Verdier",   "Labbé",     "Fabre",       "Mallet"};
constexpr Place kFrenchPlaces[] = {
    {"Paris", "FR"},     {"Paris", "FR"},      {"Paris", "FR"},       {"Lyon", "FR"},
    {"Lyon", "FR"},      {"Marseille", "FR"},  {"Toulouse", "FR"},    {"Nantes", "FR"},
    {"Bordeaux", "FR"},  {"Lille", "FR"},      {"Rennes", "FR"},      {"Strasbourg", "FR"},
    {"Nîmes", "FR"},     {"Besançon", "FR"},   {"Orléans", "FR"},     {"Saint-Étienne", "FR"},
    {"Grenoble", "FR"},  {"Dijon", "FR"},      {"Angers", "FR"},      {"Clermont-Ferrand", "FR"},
    {"Béziers", "FR"},   {"Quimper", "FR"},    {"La Rochelle", "FR"}, {"Annecy", "FR"},
    {"Bruxelles", "BE"}, {"Liège", "BE"},      {"Namur", "BE"},       {"Genève", "CH"},
    {"Neuchâtel", "CH"}, {"Luxembourg", "LU"}, {"Montréal", "CA"},    {"Québec", "CA"}};
constexpr Trade kFrenchTrades[] = {{"Boulangerie", "Food"},
                                   {"Fromagerie", "Food"},
                                   {"Biscuiterie", "Food"},
                                   {"Brasserie", "Food"},
                                   {"Domaine", "Food"},
                                   {"Conserverie", "Food"},
                                   {"Pharmacie", "Healthcare"},
                                   {"Clinique", "Healthcare"},
                                   {"Laboratoires", "Healthcare"},
                                   {"Cabinet", "Professional services"},
                                   {"Étude", "Professional services"},
                                   {"Imprimerie", "Manufacturing"},
                                   {"Ateliers", "Manufacturing"},
                                   {"Fonderie", "Manufacturing"},
                                   {"Menuiserie", "Construction"},
                                   {"Maçonnerie", "Construction"},
                                   {"Charpentes", "Construction"},
                                   {"Transports", "Logistics"},
                                   {"Messagerie", "Logistics"},
                                   {"Librairie", "Retail"},
                                   {"Maison", "Retail"},
                                   {"Garage", "Retail"},
                                   {"Hôtel", "Hospitality"},
                                   {"Assurances", "Finance"}};
constexpr Trade kFrenchActivities[] = {{"Maintenance", "Manufacturing"},
                                       {"Mécanique", "Manufacturing"},
                                       {"Chaudronnerie", "Manufacturing"},
                                       {"Logistique", "Logistics"},
                                       {"Manutention", "Logistics"},
                                       {"Nettoyage", "Professional services"},
                                       {"Crédit", "Finance"},
                                       {"Gestion", "Finance"},
                                       {"Santé", "Healthcare"},
                                       {"Formation", "Education"},
                                       {"Distribution", "Retail"},
                                       {"Restauration", "Hospitality"},
                                       {"Construction", "Construction"},
                                       {"Télécommunications", "Software"},
                                       {"Numérique", "Software"},
                                       {"Chauffage", "Energy"},
                                       {"Énergie", "Energy"}};
constexpr string_view kFrenchAdjectives[] = {"Générale",   "Lyonnaise",  "Parisienne", "Nantaise",  "Bretonne",
                                             "Provençale", "Alsacienne", "Européenne", "Régionale", "Moderne",
                                             "Française",  "Océane",     "Savoyarde",  "Normande",  "Picarde"};
constexpr string_view kFrenchSuffixes[] = {"", "", "& Fils", "& Filles", "SARL", "SAS", "et Associés", "Frères", "SA"};
constexpr string_view kFrenchDecision[] = {"Directrice générale", "Directeur des opérations", "Directrice financière",
                                           "Gérant", "Directeur des systèmes d'information"};
constexpr string_view kFrenchChampion[] = {"Responsable relation client", "Cheffe de projet", "Responsable qualité",
                                           "Directrice commerciale"};
constexpr string_view kFrenchUser[] = {"Chargée de clientèle", "Assistant administratif", "Technicienne support",
                                       "Responsable d'agence"};
constexpr string_view kFrenchTickets[] = {"Export incomplet",           "Connexion impossible depuis l'agence",
                                          "Erreur à l'import",          "Question sur la facturation",
                                          "Lenteur du tableau de bord", "Droits d'un nouvel utilisateur",
                                          "Libellé mal accentué",       "Rapport mensuel manquant"};
constexpr string_view kFrenchMeetings[] = {"Point trimestriel", "Revue des usages", "Formation des équipes",
                                           "Préparation du renouvellement", "Atelier sur les rapports"};
constexpr string_view kFrenchGood[] = {"Équipe à l'écoute, outil très clair.", "Nous gagnons une journée par semaine.",
                                       "Rien à redire, tout est simple."};
constexpr string_view kFrenchBad[] = {"Trop de temps perdu avec le support.", "L'outil ne suit plus nos besoins.",
                                      "Nous regardons ailleurs."};

constexpr string_view kEnglishFirst[] = {
    "Olivia",    "George",  "Amelia", "Harry",  "Isla",     "Arthur", "Ava",    "Oscar",  "Freya",   "Thomas",
    "Charlotte", "William", "Sophie", "Jack",   "Grace",    "Henry",  "Emily",  "Alfie",  "Niamh",   "Callum",
    "Siân",      "Rhys",    "Aoife",  "Liam",   "Priya",    "Arjun",  "Zara",   "Daniel", "Hannah",  "Edward",
    "Megan",     "Samuel",  "Renée",  "Joseph", "Beatrice", "Luke",   "Imogen", "Nathan", "Eleanor", "Adam"};
constexpr string_view kEnglishLast[] = {
    "Whitcombe",   "Ashworth",   "Harrington", "Pemberton", "Fairfax",     "Holloway",   "Blackwood",    "Kingsley",
    "Thornton",    "Bradshaw",   "Marlowe",    "Winslow",   "Carrington",  "Hargreaves", "Langley",      "Sutcliffe",
    "Ellison",     "Mayfield",   "Redfern",    "Stanhope",  "Wetherby",    "Cartwright", "Dunmore",      "Elmsley",
    "Farrow",      "Greenhalgh", "Hawthorne",  "Ives",      "Jessop",      "Kirkbride",  "Lockhart",     "Moorcroft",
    "Nightingale", "Oakley",     "Penrose",    "Quigley",   "Ravenscroft", "Selwyn",     "Tremayne",     "Underhill",
    "Vaughan",     "Wainwright", "Yardley",    "O'Connor",  "McAllister",  "Fitzgerald", "Buchanan",     "Llewellyn",
    "Kavanagh",    "Sinclair",   "Abernathy",  "Brockway",  "Crawford",    "Delaney",    "Eastwood",     "Forsyth",
    "Gallagher",   "Haverford",  "Inglis",     "Jardine",   "Kerr",        "Lathbury",   "Merriweather", "Norwood",
    "Osborne",     "Prescott",   "Rutherford", "Somerset",  "Tattersall",  "Upton"};
constexpr Place kEnglishPlaces[] = {{"London", "GB"},     {"London", "GB"},     {"London", "GB"},  {"Manchester", "GB"},
                                    {"Manchester", "GB"}, {"Birmingham", "GB"}, {"Leeds", "GB"},   {"Bristol", "GB"},
                                    {"Edinburgh", "GB"},  {"Glasgow", "GB"},    {"Cardiff", "GB"}, {"Belfast", "GB"},
                                    {"Harrogate", "GB"},  {"Norwich", "GB"},    {"Exeter", "GB"},  {"York", "GB"},
                                    {"Dublin", "IE"},     {"Cork", "IE"},       {"Boston", "US"},  {"Chicago", "US"},
                                    {"Denver", "US"},     {"Portland", "US"},   {"Austin", "US"},  {"Toronto", "CA"}};
constexpr Trade kEnglishTrades[] = {{"Foods", "Food"},
                                    {"Bakers", "Food"},
                                    {"Brewing", "Food"},
                                    {"Engineering", "Manufacturing"},
                                    {"Castings", "Manufacturing"},
                                    {"Textiles", "Manufacturing"},
                                    {"Logistics", "Logistics"},
                                    {"Haulage", "Logistics"},
                                    {"Freight", "Logistics"},
                                    {"Builders", "Construction"},
                                    {"Joinery", "Construction"},
                                    {"Healthcare", "Healthcare"},
                                    {"Dental", "Healthcare"},
                                    {"Pharma", "Healthcare"},
                                    {"Capital", "Finance"},
                                    {"Insurance", "Finance"},
                                    {"Books", "Retail"},
                                    {"Outfitters", "Retail"},
                                    {"Hotels", "Hospitality"},
                                    {"Legal", "Professional services"},
                                    {"Consulting", "Professional services"},
                                    {"Software", "Software"},
                                    {"Analytics", "Software"},
                                    {"Renewables", "Energy"}};
constexpr Trade kEnglishActivities[] = {{"Learning", "Education"},
                                        {"College", "Education"},
                                        {"Water", "Energy"},
                                        {"Power", "Energy"},
                                        {"Bank", "Finance"},
                                        {"Payments", "FinTech"},
                                        {"Clinic", "Healthcare"},
                                        {"Housing", "Construction"},
                                        {"Couriers", "Logistics"},
                                        {"Markets", "Retail"},
                                        {"Instruments", "Manufacturing"},
                                        {"Inns", "Hospitality"},
                                        {"Systems", "Software"},
                                        {"Partners", "Professional services"}};
constexpr string_view kEnglishAdjectives[] = {"Northern", "United",  "Royal",  "First",    "Pioneer",  "Crown",
                                              "Union",    "Harbour", "Summit", "Heritage", "Atlantic", "Meridian"};
constexpr string_view kEnglishSuffixes[] = {"Ltd", "Ltd", "plc", "& Sons", "Group", "LLP", "& Co", "Holdings", ""};
constexpr string_view kEnglishDecision[] = {"Chief Executive", "Chief Operating Officer", "Finance Director", "Owner",
                                            "Head of IT"};
constexpr string_view kEnglishChampion[] = {"Head of Customer Success", "Project Manager", "Quality Manager",
                                            "Sales Director"};
constexpr string_view kEnglishUser[] = {"Account Executive", "Office Administrator", "Support Engineer",
                                        "Branch Manager"};
constexpr string_view kEnglishTickets[] = {"Export is incomplete",  "Cannot sign in from the branch office",
                                           "Import fails",          "Question about the invoice",
                                           "Dashboard is slow",     "Permissions for a new user",
                                           "Accents shown wrongly", "Monthly report is missing"};
constexpr string_view kEnglishMeetings[] = {"Quarterly review", "Usage review", "Team training", "Renewal preparation",
                                            "Workshop on reports"};
constexpr string_view kEnglishGood[] = {"Helpful people, clear product.", "It saves us a day a week.", "Simply works."};
constexpr string_view kEnglishBad[] = {"Support takes far too long.", "It no longer does what we need.",
                                       "We are looking at alternatives."};

constexpr Words kFrench = {.first_names = kFrenchFirst,
                           .last_names = kFrenchLast,
                           .places = kFrenchPlaces,
                           .trades = kFrenchTrades,
                           .activities = kFrenchActivities,
                           .adjectives = kFrenchAdjectives,
                           .suffixes = kFrenchSuffixes,
                           .top_level_domain = ".fr.example",
                           .decision_titles = kFrenchDecision,
                           .champion_titles = kFrenchChampion,
                           .user_titles = kFrenchUser,
                           .billing_title = "Comptable",
                           .ticket_subjects = kFrenchTickets,
                           .meeting_subjects = kFrenchMeetings,
                           .good_comments = kFrenchGood,
                           .bad_comments = kFrenchBad,
                           .need_subject = "Ouverture de deux nouvelles agences"};
constexpr Words kEnglish = {.first_names = kEnglishFirst,
                            .last_names = kEnglishLast,
                            .places = kEnglishPlaces,
                            .trades = kEnglishTrades,
                            .activities = kEnglishActivities,
                            .adjectives = kEnglishAdjectives,
                            .suffixes = kEnglishSuffixes,
                            .top_level_domain = ".co.example",
                            .decision_titles = kEnglishDecision,
                            .champion_titles = kEnglishChampion,
                            .user_titles = kEnglishUser,
                            .billing_title = "Accounts Payable",
                            .ticket_subjects = kEnglishTickets,
                            .meeting_subjects = kEnglishMeetings,
                            .good_comments = kEnglishGood,
                            .bad_comments = kEnglishBad,
                            .need_subject = "Opening two new branches"};

constexpr string_view kBeginnings[] = {"Nova",  "Axel", "Clari", "Dyna", "Evo",  "Feli", "Gali",   "Helio",  "Inno",
                                       "Jovi",  "Kali", "Lumi",  "Méri", "Néo",  "Opti", "Prisma", "Quanti", "Réso",
                                       "Syner", "Téla", "Uni",   "Véri", "Weli", "Xylo", "Ypsi",   "Zéni"};
constexpr Trade kEndings[] = {{"tis", "Software"},    {"lys", "Software"},      {"pay", "FinTech"},
                              {"fin", "FinTech"},     {"med", "Healthcare"},    {"bio", "Healthcare"},
                              {"watt", "Energy"},     {"sol", "Energy"},        {"port", "Logistics"},
                              {"cargo", "Logistics"}, {"tech", "Software"},     {"edu", "Education"},
                              {"mart", "Retail"},     {"mat", "Manufacturing"}, {"gest", "Professional services"}};

constexpr string_view kFeatures[] = {"dashboards", "reports", "exports",      "alerts",
                                     "api",        "mobile",  "integrations", "planning"};
constexpr string_view kOwners[] = {
    "camille.moreau@folio.example",  "theo.guerin@folio.example",    "ines.lambert@folio.example",
    "raphael.caron@folio.example",   "amelie.tanguy@folio.example",  "karim.haddad@folio.example",
    "olivia.ashworth@folio.example", "george.fairfax@folio.example", "priya.sinclair@folio.example",
    "callum.kerr@folio.example",     "freya.osborne@folio.example",  "daniel.oakley@folio.example"};

// The base letter of a Latin-1 letter whose second UTF-8 byte (after 0xC3) is given, in lower case; 0 where none.
char BaseOfLatin1(unsigned char second) {
  static constexpr char kBases[33] = "aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0\0";
  const unsigned offset = second - 0x80U;
  return offset < 64 ? kBases[offset % 32] : '\0';
}

}  // namespace

const Words& WordsOf(Language language) { return language == Language::kFrench ? kFrench : kEnglish; }

std::span<const string_view> InventedBeginnings() { return kBeginnings; }
std::span<const Trade> InventedEndings() { return kEndings; }
std::span<const string_view> Features() { return kFeatures; }
std::span<const string_view> Owners() { return kOwners; }

void AppendSlug(string_view text, std::string* out) {
  const size_t start = out->size();
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    char letter = '\0';
    if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) {
      letter = text[i];
    } else if (byte >= 'A' && byte <= 'Z') {
      letter = static_cast<char>(byte - 'A' + 'a');
    } else if (byte == 0xC3 && i + 1 < text.size()) {
      letter = BaseOfLatin1(static_cast<unsigned char>(text[++i]));
    }
    if (letter != '\0') {
      out->push_back(letter);
    } else if (out->size() > start && out->back() != '-') {
      out->push_back('-');
    }
  }
  if (out->size() > start && out->back() == '-') out->pop_back();
}

}  // namespace folio::demo
