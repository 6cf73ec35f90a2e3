namespace Cutover.Lab.Organisation;

/// <summary>A person of Contoso.</summary>
/// <param name="Alias">In ASCII, as Exchange asks; at most 64 characters.</param>
internal sealed record ContosoPerson(string GivenName, string Surname, string Alias, string Country)
{
    public string DisplayName => $"{GivenName} {Surname}";
}

/// <summary>Who works at Contoso: first the people whose names are hard on a migration, then as many others as need be.</summary>
internal static class ContosoPeople
{
    private const int LongestAlias = 64;

    private static readonly ContosoPerson[] First =
    [
        new("Hanneke", "de Vries", "hanneke.devries", "Netherlands"),
        new("Geert-Jan", "van ’t Hoff", "gj.vanthoff", "Netherlands"),
        new("Siobhán", "O'Brien", "siobhan.o'brien", "Ireland"),
        new("Łukasz", "Wójcik", "lukasz.wojcik", "Poland"),
        new("Zoë", "Müller-Bakker", "zoe", "Netherlands"),
        new("Wolfgang Amadeus Alexander", "zu Hohenlohe-Waldenburg-Schillingsfürst", LongAlias(), "Germany"),
        new("Daan", "Jansen", "daan.jansen", "Netherlands"),
        new("Emma", "Thompson", "emma.thompson", "United Kingdom"),
        new("İbrahim", "Yılmaz", "ibrahim.yilmaz", "Netherlands"),
        new("太郎", "山田", "taro.yamada", "Japan"),
        new("Nguyễn Thị", "Mai", "mai.nguyen", "Belgium"),
        new("Олена", "Шевченко", "olena.shevchenko", "Ukraine"),
        new("Søren", "Kjærgaard", "soren.kjaergaard", "Denmark"),
        new("Αλέξης", "Παπαδόπουλος", "alexis.papadopoulos", "Greece"),
    ];

    private static readonly (string Text, string Ascii)[] GivenNames =
    [
        ("Sanne", "sanne"), ("Bram", "bram"), ("Fleur", "fleur"), ("Joost", "joost"), ("Anouk", "anouk"), ("Ruben", "ruben"), ("Femke", "femke"),
        ("Thijs", "thijs"), ("Noor", "noor"), ("Lars", "lars"), ("Chloé", "chloe"), ("Oliver", "oliver"), ("Amelia", "amelia"), ("George", "george"),
        ("Charlotte", "charlotte"), ("James", "james"), ("Priya", "priya"), ("Mohammed", "mohammed"), ("Agnieszka", "agnieszka"), ("Jürgen", "jurgen"),
        ("Inés", "ines"), ("François", "francois"), ("Maarten", "maarten"), ("Eleanor", "eleanor"), ("Björn", "bjorn"), ("Naomi", "naomi"),
    ];

    private static readonly (string Text, string Ascii)[] Surnames =
    [
        ("de Jong", "dejong"), ("van den Berg", "vandenberg"), ("Visser", "visser"), ("Smit", "smit"), ("Meijer", "meijer"), ("de Boer", "deboer"),
        ("Mulder", "mulder"), ("van Dijk", "vandijk"), ("Hoekstra", "hoekstra"), ("Koç", "koc"), ("Smith", "smith"), ("Taylor", "taylor"),
        ("Evans", "evans"), ("Walker", "walker"), ("Hughes", "hughes"), ("Patel", "patel"), ("Schröder", "schroder"), ("García", "garcia"),
        ("Dubois", "dubois"), ("Nowak", "nowak"), ("Peeters", "peeters"), ("IJzerman", "ijzerman"), ("El Amrani", "elamrani"), ("Bergström", "bergstrom"),
    ];

    private static readonly string[] Countries = ["Netherlands", "Netherlands", "Netherlands", "United Kingdom", "Belgium", "Germany"];

    /// <summary>So many people, all with an alias of their own; the same seed gives the same people.</summary>
    public static IReadOnlyList<ContosoPerson> Take(int count, Random random)
    {
        var people = new List<ContosoPerson>(First.Take(count));
        var aliases = people.Select(person => person.Alias).ToHashSet();
        while (people.Count < count) people.Add(Next(random, aliases));
        return people;
    }

    private static ContosoPerson Next(Random random, HashSet<string> aliases)
    {
        var given = GivenNames[random.Next(GivenNames.Length)];
        var surname = Surnames[random.Next(Surnames.Length)];
        var alias = $"{given.Ascii}.{surname.Ascii}";
        for (var number = 2; !aliases.Add(alias); number++) alias = $"{given.Ascii}.{surname.Ascii}{number}";
        return new ContosoPerson(given.Text, surname.Text, alias, Countries[random.Next(Countries.Length)]);
    }

    private static string LongAlias() =>
        "wolfgang.amadeus.alexander.zu.hohenlohe-waldenburg-schillingsfuerst"[..LongestAlias];
}
