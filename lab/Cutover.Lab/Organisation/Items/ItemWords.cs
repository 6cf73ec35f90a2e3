namespace Cutover.Lab.Organisation.Items;

/// <summary>What Contoso's people write about, in Dutch or English.</summary>
internal sealed record ItemWords(
    string ReplyPrefix, string ForwardPrefix, string Greeting, string Closing, int LocaleId,
    IReadOnlyList<string> Topics, IReadOnlyList<string> Sentences, IReadOnlyList<string> Meetings, IReadOnlyList<string> Tasks,
    IReadOnlyList<string> Notes, IReadOnlyList<string> Categories)
{
    public static readonly ItemWords Dutch = new(
        "RE: ", "FW: ", "Beste", "Met vriendelijke groet,", 0x0413,
        ["Offerte voor de nieuwe magazijnstellingen", "Factuur 2026-0187", "Planning week 47", "Vraag over de levering van dinsdag", "Vakantierooster december",
         "Contract Tailspin Toys – aanpassing artikel 7", "Notulen werkoverleg", "Storing printer 2e verdieping", "Cijfers derde kwartaal", "Verhuizing naar de cloud",
         "Uitnodiging: borrel vrijdag 🍻", "Reisdeclaratie Brussel", "Nieuwe collega’s per 1 december", "Retourzending RMA-20931", "Prijslijst 2027 (concept)"],
        ["Hierbij stuur ik je de stukken waar we het gisteren over hadden.", "Zou je hier vóór vrijdag naar willen kijken?", "De levering komt een dag later; de chauffeur heeft ons gebeld.",
         "Ik heb de cijfers in de bijlage bijgewerkt: het totaal komt nu op € 12.480,50 excl. btw.", "Volgens mij klopt regel 14 nog niet.", "Prima, dan plannen we het zo in.",
         "Kun je dit ook met de afdeling Inkoop afstemmen?", "Ik ben donderdag niet op kantoor, maar wel bereikbaar op mijn mobiel.", "De klant is akkoord – we kunnen beginnen!",
         "Zie ook de notulen van vorige week."],
        ["Weekstart", "Werkoverleg Verkoop", "Voortgang verhuizing", "Bila", "Kwartaalcijfers", "Tandarts", "Lunch met leverancier", "Evaluatie pilot"],
        ["Offerte nabellen", "Contract laten tekenen", "Sleutels inleveren", "Handleiding bijwerken", "Licenties controleren"],
        ["Wifi gasten: vraag aan de balie", "Cadeau voor het jubileum van Bram", "Ideeën voor het teamuitje", "Meterstand 48291"],
        ["Rode categorie", "Klant", "Verhuizing", "Privé"]);

    public static readonly ItemWords English = new(
        "Re: ", "Fw: ", "Hi", "Kind regards,", 0x0809,
        ["Quarterly figures", "Purchase order 48-1187", "Minutes of Tuesday's meeting", "Your question about delivery times", "Contract renewal – Fabrikam",
         "Office move: what we need from you", "Security training is due", "Feedback on the draft", "Holiday schedule", "New starters in December",
         "Server maintenance this weekend", "Invoice 20931 (second reminder)", "Travel to Brussels", "Roadmap 2027 🚀", "Price list – please check"],
        ["Please find attached the documents we discussed.", "Could you have a look before Friday?", "The delivery slips by a day; the carrier has let us know.",
         "I have updated the figures: the total now stands at £12,480.50 before VAT.", "I don't think line 14 is right yet.", "That works for me.",
         "Could you line this up with Procurement as well?", "I'm out of the office on Thursday but reachable on my mobile.", "The customer agrees – let's go ahead.",
         "See also last week's minutes."],
        ["Weekly stand-up", "Sales review", "Migration progress", "1:1", "Board preparation", "Dentist", "Lunch with supplier", "Pilot retrospective"],
        ["Call back about the quote", "Get the contract signed", "Hand in keys", "Update the manual", "Check licences"],
        ["Guest Wi-Fi: ask at reception", "Present for Bram's anniversary", "Ideas for the away day", "Meter reading 48291"],
        ["Red category", "Customer", "Migration", "Private"]);

    /// <summary>What the outside world calls itself.</summary>
    public static readonly IReadOnlyList<(string Name, string Address)> Outsiders =
    [
        ("Katrin Weiß", "katrin.weiss@fabrikam.com"), ("Fourth Coffee – Facturatie", "facturen@fourthcoffee.com"), ("Tailspin Toys Support", "support@tailspintoys.com"),
        ("Matteo D'Angelo", "matteo.d'angelo@wingtiptoys.com"), ("Adatum Nieuwsbrief", "nieuws@adatum.com"), ("佐藤 花子", "hanako@northwindtraders.com"),
        ("Marie-Hélène Dufour", "mh.dufour@litwareinc.com"), ("no-reply@proseware.com", "no-reply@proseware.com"),
    ];

    public static ItemWords For(string language) => language.StartsWith("nl", StringComparison.Ordinal) ? Dutch : English;
}
