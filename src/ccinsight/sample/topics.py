"""What tickets are about: categories, how often they come, and titles that sound like people asking."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Topic:
    """A category; ``share`` of tickets of a standard customer and of one with integrations, in permille.

    ``pace`` names the table of minutes spent. Titles hold one or more alternatives as ``{a|b}``.
    """

    category: str
    share: int
    share_integrated: int
    pace: str
    titles: tuple[str, ...]
    is_access_down: bool = False
    scope: str = "support"


TOPICS = (
    Topic("Innlogging", 105, 85, "short", (
        "Får ikke logget inn{| i dag| fra hjemmekontor| etter ferien}", "Glemt passord{| igjen|, ny bruker}",
        'Feilmelding "{Ugyldig lisens|Tilgang nektet}" ved innlogging', "Totrinnspålogging virker ikke{| på mobil}",
    )),
    Topic("Innlogging/Nede", 14, 16, "long", (
        "Ingen {av oss |}kommer inn i CRM", "CRM er nede{|!| for hele kontoret}", "Alle får {hvit side|feilmelding 500}",
    ), is_access_down=True),
    Topic("Drift/Stans", 7, 10, "long", (
        "Serveren svarer ikke", "Stans etter {oppdatering|vedlikehold i natt}", "Databasen er utilgjengelig",
    ), is_access_down=True),
    Topic("E-post og kalender", 135, 110, "short", (
        "E-post blir ikke arkivert{| fra Outlook| på riktig sak}", "{Outlook|Web}-tillegget er borte",
        "Kalenderen synkroniserer ikke{| med Outlook| på telefonen}", "Avtaler vises dobbelt{| i kalenderen}",
        "Signaturen er feil{| etter navnebytte}",
    )),
    Topic("Rapporter og utvalg", 110, 95, "middle", (
        "Rapport viser feil tall{| for april|; mangler to selgere}", "Hvordan lage utvalg {over kunder uten aktivitet|på "
        "postnummer|av kontaktpersoner}?", "Utvalg {blir tomt|tar med for mange}", "Salgsrapport {skrives ikke ut|mangler kolonne}",
    )),
    Topic("Salg og prosjekt", 95, 80, "middle", (
        "Salg kan ikke {lagres|lukkes|flyttes til ny eier}", "Prosjekt vises ikke {på firmaet|i listen}",
        "Feil valuta på {salg|tilbud}", "Salgsstadier mangler{| etter endring}",
    )),
    Topic("Dokumenter og maler", 85, 65, "middle", (
        "Mal {åpner ikke i Word|fletter feil adresse|mangler logo}", "Dokument er {låst|borte|skrivebeskyttet}",
        "Tilbudsmal: feil {dato|mva|kundenavn}",
    )),
    Topic("Marketing/Utsendelse", 80, 70, "middle", (
        "Utsendelse stopper{| på 500 mottakere| halvveis}", "Nyhetsbrev havner i søppelpost", "Skjema registrerer ikke svar",
        "Avmeldte får fortsatt {e-post|nyhetsbrev}",
    )),
    Topic("Oppsett/Brukere", 110, 95, "short", (
        "{Ny bruker|To nye brukere|Tre nye brukere} fra {mandag|1. i neste måned}", "Bruker har sluttet{|, kan dere stenge tilgangen?}",
        "Endre {rettigheter|rolle|avdeling} for bruker", "Liste med {bransjer|kategorier} må endres",
    )),
    Topic("Import og eksport", 50, 60, "middle", (
        "Import av {firma|personer|leads} feiler", "Eksport til Excel {gir rare tegn|stopper på 10 000 rader}",
        "Dubletter etter import",
    )),
    Topic("Mobil", 40, 30, "short", ("Appen {henger|logger ut hele tiden}", "Mobil: {ser ikke bilder|får ikke varsler}")),
    Topic("Opplæring/Nye brukere", 45, 40, "training", (
        "Kan noen vise oss {utvalg|kalenderen|salg}?", "Opplæring av {ny selger|ny leder|to nyansatte}",
        "Hvordan registrerer jeg {et salg|oppfølging|en person}?",
    ), scope="training"),
    Topic("Opplæring/Rapporter", 40, 35, "training", (
        "Trenger hjelp til å bygge {rapport|dashboard}", "Hvordan bruker vi {dashboard|mål}?",
    ), scope="training"),
    Topic("Konsulent/Tilpasning", 30, 55, "consulting", (
        "Ønsker nytt felt på {firma|salg|prosjekt}", "Nytt skjermbilde for {service|innkjøp}",
        "Tilpasse {tilbudsmal|skript|arbeidsflyt}", "Rydding i {gamle firma|kategorier}",
    ), scope="consulting"),
    Topic("Integrasjon/ERP", 20, 135, "consulting", (
        "Ordre kommer ikke over {fra ERP|til Visma|til økonomi}", "Kundenummer {mangler|er feil} etter synk",
        "Kobling mot {ERP|nettbutikk} må utvides", "Synk stopper{| hver natt| på priser}",
    ), scope="consulting"),
    Topic("Diverse", 20, 12, "short", ("Spørsmål", "{Hei, et raskt spørsmål|Kan dere ringe meg?}", "Takk for hjelpen")),
    Topic("", 14, 7, "short", ("(uten tittel)", "Vedr. CRM", "SV: {Oppdatering|Tilgang}")),
)  # fmt: skip

# Minutes spent, in quarter hours for consulting (it is invoiced so); quantiles at equal steps.
PACES = {
    "short": (2, 5, 5, 5, 10, 10, 10, 15, 15, 15, 20, 20, 25, 30, 40, 60, 150),
    "middle": (5, 10, 10, 15, 15, 15, 20, 20, 25, 30, 30, 35, 45, 60, 75, 110, 300),
    "long": (5, 15, 20, 25, 30, 30, 35, 45, 50, 60, 75, 90, 105, 120, 160, 240, 600),
    "training": (10, 15, 20, 20, 25, 30, 30, 30, 40, 45, 45, 60, 60, 75, 90, 120, 240),
    "consulting": (15, 30, 30, 45, 60, 60, 75, 90, 90, 120, 120, 150, 180, 240, 300, 420, 960),
}


def spread_out(pattern: str) -> list[str]:
    """All texts of a title pattern: each ``{a|b}`` is one of its alternatives."""
    parts: list[list[str]] = []
    rest = pattern
    while "{" in rest:
        before, _, rest = rest.partition("{")
        inside, _, rest = rest.partition("}")
        parts += [[before], inside.split("|")]
    return ["".join(choice) for choice in product(*parts, [rest])]


def titles_of(topic: Topic) -> list[str]:
    """All titles of a category."""
    return [title for pattern in topic.titles for title in spread_out(pattern)]
