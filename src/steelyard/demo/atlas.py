"""Where the sample company sells: regions, countries, territories, currencies and the systems that report from there."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Corvane Diagnostics"
CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Country:
    """One country: how partners are named there, what they pay in, which system their orders come from."""

    code: str
    region: str
    currency: str
    source: str
    weight: int
    territories: tuple[tuple[str, str], ...]
    legal_forms: tuple[str, ...]
    trades: tuple[str, ...]
    cities: tuple[str, ...]


REGIONS = {
    "AMERICAS": "Americas", "DACH": "DACH", "WEST": "Western Europe", "NORTH": "North and East", "APAC": "Asia Pacific",
    "CENTRAL": "Central Europe",  # since the re-organisation of 2025
}  # fmt: skip

_ENGLISH = ("Diagnostics", "Scientific", "Lab Supply", "Medical", "Biosystems", "Instruments")
_GERMAN = ("Labortechnik", "Diagnostik", "Medizintechnik", "Laborbedarf", "Analytik", "Biosysteme")
_LATIN = ("Diagnostica", "Biomédica", "Laboratorios", "Analítica", "Científica", "Médica")

COUNTRIES: tuple[Country, ...] = (
    Country("US", "AMERICAS", "USD", "erp-us", 36, (("US-E", "US East"), ("US-C", "US Central"), ("US-W", "US West")),
            ("Inc.", "LLC", "Corp."), _ENGLISH, ("Albany", "Columbus", "Denver", "Portland", "Raleigh", "Tucson", "Omaha")),
    Country("CA", "AMERICAS", "CAD", "erp-us", 10, (("CA-E", "Canada East"), ("CA-W", "Canada West")),
            ("Ltd.", "Inc."), _ENGLISH, ("Halifax", "Guelph", "Calgary", "Laval")),
    Country("DE", "DACH", "EUR", "erp-de", 34, (("DE-N", "Germany North"), ("DE-W", "Germany West"), ("DE-S", "Germany South")),
            ("GmbH", "GmbH & Co. KG", "AG"), _GERMAN, ("Kiel", "Münster", "Ulm", "Göttingen", "Würzburg", "Jena", "Mainz")),
    Country("AT", "DACH", "EUR", "erp-de", 9, (("AT", "Austria"),), ("GmbH", "KG"), _GERMAN, ("Graz", "Linz", "Wels", "Villach")),
    Country("CH", "DACH", "CHF", "erp-de", 10, (("CH", "Switzerland"),), ("AG", "SA", "GmbH"), _GERMAN, ("Zug", "Bern", "Chur", "Genf")),
    Country("FR", "WEST", "EUR", "erp-west", 20, (("FR-N", "France North"), ("FR-S", "France South")),
            ("SAS", "SARL"), ("Diagnostics", "Biologie", "Médical", "Analyses", "Santé"), ("Lille", "Nantes", "Dijon", "Nîmes", "Pau")),
    Country("IT", "WEST", "EUR", "erp-west", 20, (("IT-N", "Italy North"), ("IT-S", "Italy South")),
            ("S.r.l.", "S.p.A."), ("Diagnostica", "Biomedica", "Analitica", "Medicale"), ("Trento", "Parma", "Bari", "Udine", "Lecce")),
    Country("ES", "WEST", "EUR", "erp-west", 16, (("ES", "Spain"),), ("S.L.", "S.A."), _LATIN, ("Bilbao", "Murcia", "Vigo", "Burgos")),
    Country("NL", "WEST", "EUR", "erp-west", 10, (("NL", "Netherlands"),), ("B.V.", "N.V."), _ENGLISH, ("Breda", "Zwolle", "Leiden")),
    Country("GB", "WEST", "GBP", "erp-west", 22, (("GB-N", "Britain North"), ("GB-S", "Britain South")),
            ("Ltd", "PLC"), _ENGLISH, ("Leeds", "Exeter", "Stirling", "Swansea", "Reading")),
    Country("SE", "NORTH", "SEK", "erp-north", 10, (("SE", "Sweden"),), ("AB",), ("Diagnostik", "Instrument", "Medicinteknik"),
            ("Lund", "Umeå", "Västerås", "Kalmar")),
    Country("PL", "NORTH", "PLN", "erp-north", 12, (("PL", "Poland"),), ("Sp. z o.o.", "S.A."), ("Diagnostyka", "Biolab", "Medycyna"),
            ("Gdańsk", "Łódź", "Poznań", "Lublin")),
    Country("CZ", "NORTH", "CZK", "erp-north", 8, (("CZ", "Czechia"),), ("s.r.o.", "a.s."), ("Diagnostika", "Laboratoře", "Medika"),
            ("Brno", "Plzeň", "Olomouc")),
    Country("TR", "NORTH", "TRY", "erp-north", 9, (("TR", "Türkiye"),), ("A.Ş.", "Ltd. Şti."), ("Laboratuvar", "Medikal", "Tıbbi Cihaz"),
            ("İzmir", "Bursa", "Konya")),
    Country("JP", "APAC", "JPY", "erp-apac", 14, (("JP-E", "Japan East"), ("JP-W", "Japan West")),
            ("K.K.", "Co., Ltd."), _ENGLISH, ("Sendai", "Kobe", "Nagoya", "Sapporo")),
    Country("AU", "APAC", "AUD", "erp-apac", 10, (("AU", "Australia"),), ("Pty Ltd",), _ENGLISH, ("Perth", "Sydney", "Hobart", "Cairns")),
)  # fmt: skip

BY_CODE = {country.code: country for country in COUNTRIES}
SOURCES = ("erp-us", "erp-de", "erp-west", "erp-north", "erp-apac")
REORGANISED = {"DE", "AT", "CH", "PL", "CZ"}  # countries of the region Central Europe since 2025-01-01

# units of each currency for 1,000 EUR, as the price lists and the first rates have it
PER_1000_EUR = {
    "EUR": 1000, "USD": 1084, "CAD": 1472, "GBP": 862, "CHF": 958, "SEK": 11420, "PLN": 4330, "CZK": 24650,
    "TRY": 30500, "JPY": 158000, "AUD": 1648,
}  # fmt: skip

STEMS = (
    "Alba", "Arden", "Argent", "Astra", "Balder", "Beacon", "Birch", "Calder", "Cedar", "Celta", "Cobalt", "Corin", "Delta",
    "Dorado", "Ember", "Falk", "Fenix", "Fjord", "Galen", "Garnet", "Hanse", "Harrow", "Helix", "Ibex", "Indigo", "Juno",
    "Kelvin", "Krona", "Larch", "Lumen", "Magna", "Marlow", "Mistral", "Nexa", "Norden", "Oakley", "Onyx", "Orbis", "Pallas",
    "Pinnacle", "Quarz", "Regent", "Rowan", "Sable", "Sierra", "Solent", "Tamar", "Tessera", "Titan", "Umbra", "Vega", "Verdi",
    "Vesta", "Wexford", "Xenon", "Yarrow", "Zenit", "Zephyr",
)  # fmt: skip

CUSTOMERS = tuple(
    f"{place} {kind}"
    for kind in ("University Hospital", "Central Laboratory", "Clinic", "Blood Bank", "Research Institute")
    for place in (
        "Ashbourne", "Bellavista", "Castello", "Dornach", "Elmstad", "Fairhaven", "Grünwald", "Harbour", "Inverlea", "Jasmund",
        "Kingsmere", "Lindholm", "Montclair", "Northgate", "Osterbrook", "Pinewood", "Quellheim", "Riverside", "Santa Rosa",
        "Tannberg", "Ulverton", "Valmont", "Westerly", "Yardley", "Zeeburg",
    )
)  # fmt: skip

PEOPLE = (
    "Ada Lindqvist", "Ben Okafor", "Carla Moretti", "David Stern", "Elif Demir", "Femke de Vries", "Georg Hauser", "Hana Novotná",
    "Ivo Petersen", "Julia Sanders", "Kenji Watanabe", "Lucía Romero", "Marek Zieliński", "Nadia Benali", "Owen Hughes",
    "Petra Vogel", "Quentin Leroy", "Rosa Almeida", "Sven Eriksson", "Tara Collins", "Uwe Brandt", "Vera Kowalska", "Will Carter",
    "Yuki Tanaka", "Zoe Campbell", "Anton Keller", "Bianca Ferri", "Colin Reid", "Dana Walsh", "Emil Sørensen", "Flora Weiss",
)  # fmt: skip

DOCTORS = (
    "Dr Elena Marchetti", "Dr Paul Reinhardt", "Dr Amina Diallo", "Dr Jonas Berg", "Dr Claire Fontaine", "Dr Hugo Almeida",
    "Dr Ingrid Solheim", "Dr Tomasz Wrona", "Dr Fiona Drummond", "Dr Matteo Greco", "Dr Lena Vogt", "Dr Samuel Osei",
    "Dr Nora Lindgren", "Dr Viktor Hajek", "Dr Isabel Prado", "Dr Martin Achterberg", "Dr Yara Haddad", "Dr Colm Brennan",
)  # fmt: skip

HOSPITALS = (
    ("Ospedale San Fermo", "IT"), ("Klinikum Rosental", "DE"), ("Hôpital Saint-Maurin", "FR"), ("St Brannoc University Hospitals", "GB"),
    ("Universitetssjukhuset Ekvik", "SE"), ("Szpital Nadmorski", "PL"), ("Hospital Santa Aldara", "ES"), ("Ziekenhuis Oosterdam", "NL"),
)  # fmt: skip
