//! What a column holds, by its heading: English or French, capitals and accents aside.

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    FirstName,
    LastName,
    Phone,
    Language,
    Group,
    ExternalId,
    /// A field of the contact; `known` where we have a name for it.
    Field {
        name: String,
        known: bool,
    },
}

const NAMES: &[&str] = &[
    "name",
    "full name",
    "nom complet",
    "nom et prenom",
    "nom et prenoms",
    "contact",
    "employee name",
    "staff name",
];
const FIRST: &[&str] = &[
    "first name",
    "firstname",
    "given name",
    "givenname",
    "prenom",
    "prenoms",
    "forename",
    "other names",
];
const LAST: &[&str] = &["last name", "lastname", "surname", "family name", "nom", "nom de famille"];
const PHONE: &[&str] = &[
    "phone",
    "phone number",
    "phonenumber",
    "mobile",
    "mobile phone",
    "mobile telephone",
    "mobile number",
    "telephone",
    "tel",
    "cell",
    "cellphone",
    "cell phone",
    "contact number",
    "numero",
    "numero de telephone",
    "portable",
    "gsm",
    "number",
    "alt telephone",
    "phone 1",
    "phone 2",
    "telephone 1",
    "telephone 2",
];
const LANGUAGE: &[&str] = &["language", "langue", "lang"];
const GROUP: &[&str] = &["group", "groups", "groupe", "groupes", "contact group"];
const ID: &[&str] = &[
    "id",
    "uuid",
    "globalid",
    "csd entity id",
    "entity id",
    "employee number",
    "employeenumber",
    "emp id",
    "id number",
    "staff id",
    "matricule",
    "external id",
    "identifiant",
];
const FIELDS: &[(&str, &[&str])] = &[
    ("county", &["county", "comte", "facility county", "province", "region"]),
    ("district", &["district", "facility district", "prefecture"]),
    (
        "facility",
        &[
            "facility",
            "facility name",
            "facilityname",
            "etablissement",
            "centre de sante",
            "phu",
            "health facility",
            "structure",
        ],
    ),
    (
        "cadre",
        &[
            "cadre",
            "job",
            "job title",
            "jobtitle",
            "current job",
            "position title",
            "poste",
            "fonction",
            "profession",
        ],
    ),
    ("gender", &["gender", "sex", "sexe", "genre"]),
];

pub(super) fn column(heading: &str) -> Column {
    let plain = plain(heading);
    let is = |list: &[&str]| list.contains(&plain.as_str());
    if is(NAMES) {
        Column::Name
    } else if is(FIRST) {
        Column::FirstName
    } else if is(LAST) {
        Column::LastName
    } else if is(PHONE) {
        Column::Phone
    } else if is(LANGUAGE) {
        Column::Language
    } else if is(GROUP) {
        Column::Group
    } else if is(ID) {
        Column::ExternalId
    } else {
        match FIELDS.iter().find(|(_, list)| is(list)) {
            Some((name, _)) => Column::Field { name: (*name).to_owned(), known: true },
            None => Column::Field { name: plain.replace(' ', "_"), known: false },
        }
    }
}

/// Whether the habits of somebody in the simulated country begin here (`docs/people-file.md`).
pub(super) fn is_temperament(heading: &str) -> bool {
    plain(heading) == "temperament"
}

fn plain(heading: &str) -> String {
    let heading = deunicode::deunicode(heading).to_lowercase();
    let spaced: String =
        heading.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
