"""The words that the sample is made of. Companies and people are made up; any likeness is chance."""

from __future__ import annotations

PLACE_STARTS = tuple(
    "Bjørke Elve Furu Gran Hav Heiste Ister Kveld Lang Lyng Måke Myr Nesle Orre Rav Rogn Selje Siv Skar Skjær Sol "
    "Stein Storm Svale Tinde Tjern Tære Ulve Varde Vår Ørne Åker".split()
)
PLACE_ENDS = tuple("berg dal haug li lund mo nes sund tun vik øy ås".split())
TRADES = tuple(
    "Bemanning|Bygg|Eiendom|Elektro|Energi|Forlag|Forsikring|Grafisk|Havbruk|Industri|Inkasso|Kontormøbler|Logistikk|"
    "Maskin|Medisinsk|Mekaniske|Meieri|Møbel|Regnskap|Reklame|Renhold|Rør & Varme|Sjømat|Sikkerhet|Trelast|Transport|"
    "Utleie|Verktøy|VVS & Sønner|Økonomi".split("|")
)
LEGAL_FORMS = ("AS", "AS", "AS", "AS", "AS", "AS", "AS", "ASA", "SA", "Gruppen AS")

ACCOUNT_MANAGERS = (
    "Åse Nygård", "Bjørn Sørli", "Kåre Bjærke", "Øystein Vågå", "Ingrid Lægreid", "Torbjørn Færøy", "Silje Ødegaard",
    "Hans Åmås", "Marthe Grøtte", "Pål Høiås", "Guro Kjærnes", "Jørgen Mæland", "Ragnhild Tørå", "Sjur Løvås",
    "Tuva Æsøy", "Vegard Brænd",
)  # fmt: skip
SUPPORT_STAFF = (
    "Anne Rød", "Mads Øverås", "Lise Skjæran", "Jonas Bråthen", "Pernille Sæle", "Eirik Tømte", "Åshild Mo",
    "Kristoffer Bø", "Nora Hægstad", "Trygve Løken", "Synne Ås", "Even Bjørkli",
)  # fmt: skip
FIRST_NAMES = tuple(
    "Anders Andrea Anette Arne Astrid Åge Åsne Bente Berit Birgitte Bjarne Børge Camilla Cathrine Dag Daniel Edvard Eilif "
    "Einar Elin Ellen Emil Endre Erlend Espen Eva Fredrik Frida Frode Geir Gerd Grete Gunnar Gøril Hallvard Hanne Harald "
    "Hedda Heidi Helge Helle Henrik Hilde Hågen Ida Inger Ivar Jan Jens Johanne Jorunn Jostein Jørn Kai Kari Karin Ketil "
    "Kirsten Kjersti Knut Kristin Lars Laila Leif Line Liv Magne Magnus Maja Malin Marit Marte Mona Morten Nils Nina Odd "
    "Ola Olav Oda Pia Per Petter Ragnar Randi Roar Roger Rune Sander Selma Sigrid Simen Sissel Siv Snorre Solveig Stein "
    "Stian Sturla Svein Sølvi Terje Thea Thomas Tone Tor Tore Trond Trude Turid Ulf Unni Vidar Vilde Yngve Øivind "
    "Ørjan".split()
)
LAST_NAMES = tuple(
    "Aasheim Alvestad Amdal Aune Bakkerud Berge Bjelland Bjørnstad Brekke Brudvik Bråten Dalseth Dybvik Dørum Eide Eikeland "
    "Elvestad Engen Fagerli Farstad Fjeldstad Flatøy Fosse Frøyland Furuseth Gjerde Gjønnes Granheim Grønli Haaland "
    "Hagerup Hammervold Haugan Heggelund Helland Hestnes Hjelmeset Hofstad Holten Hovde Huseby Hægeland Indrebø Iversby "
    "Jordal Karlsnes Kleppe Knarvik Kolstad Kvamme Kvåle Langåker Leirvik Lervåg Lillebø Lindås Lysne Løvdal Lødemel "
    "Midtbø Mjelde Moldestad Myhre Myklebust Mørk Nedrelid Nesheim Nordgård Nymoen Næss Oppedal Osland Overå Raknes Refsnes "
    "Reinås Ringheim Risøy Rognes Rugland Røste Sandbakk Selvik Skaret Skogstad Skålevik Solbakk Solheim Stavnes Steinsvåg "
    "Stokke Strømsnes Sundby Svartås Sætre Sørbø Tangen Teigland Tjelta Torvik Tveit Tysse Tømmerås Ulvestad Valle Vassbø "
    "Vedvik Viksund Vinje Vollan Våge Wiik Ytrehus Ødegård Økland Østrem Øvstebø Åmodt Årdal Åsen".split()
)

MEETING_NOTES = (
    "", "", "", "Ønsker kurs i utvalg", "Vil vite mer om marketing-modulen", "Få bruker mobilappen",
    "Fornøyd, fornyer", "Prisen ble tatt opp", "Nye selgere til høsten; trenger opplæring", "Vurderer ERP-integrasjon",
    "Ny driftsleverandør", "Færre ansatte neste år",
)  # fmt: skip
COURSE_NOTES = (
    "Grunnkurs",
    "Videregående kurs",
    "Kurs i utvalg og rapporter",
    "Kurs i marketing",
    "Superbrukerkurs",
)
AGREEMENT_NOTES = (
    "Avtalt på telefon",
    "Husk navnebytte",
    "Faktura til konsern",
    "Tidligere kunde hos annen partner",
)
