using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <summary>
/// The mailbox store of the lab's Exchange: all mailboxes in one SQLite file. What a method did is done when it returns, whatever becomes of
/// the process; inside <see cref="BeginBulk"/> it is done when the bulk ends. Thread-safe.
/// </summary>
public sealed class ExchangeStore : IDisposable
{
    /// <summary>Names the public store among the mailboxes; no account's name.</summary>
    internal const string PublicFoldersDN = "/cn=Public Folders";

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, MailboxStore> mailboxes = new(StringComparer.OrdinalIgnoreCase);
    private SqliteTransaction? bulk;
    private int bulks;
    private bool writing;

    private ExchangeStore(SqliteConnection connection, TimeProvider clock)
    {
        this.connection = connection;
        Clock = clock;
        LoadMailboxes();
    }

    internal TimeProvider Clock { get; }

    internal DateTime Now => Clock.GetUtcNow().UtcDateTime;

    /// <summary>True until the first mailbox is created.</summary>
    public bool IsEmpty => Mailboxes.Count == 0;

    /// <summary>Every mailbox, in the order of creation; the public store is none.</summary>
    public IReadOnlyList<MailboxStore> Mailboxes
    {
        get
        {
            lock (gate) return [.. mailboxes.Values.Where(mailbox => !mailbox.IsPublic).OrderBy(mailbox => mailbox.Number)];
        }
    }

    /// <summary>Opens the store file and makes it when it isn't there.</summary>
    public static ExchangeStore Open(string file, TimeProvider? clock = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            StoreSchema.Ensure(connection);
            return new ExchangeStore(connection, clock ?? TimeProvider.System);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes a mailbox with its default folders.</summary>
    /// <param name="legacyExchangeDN">Names its owner; compared without regard to case.</param>
    /// <param name="language">Such as nl-NL or en-US: the language of the folder names.</param>
    public MailboxStore CreateMailbox(string legacyExchangeDN, string displayName, string language) => Write(database =>
    {
        if (mailboxes.ContainsKey(legacyExchangeDN))
            throw new ArgumentException($"The mailbox {legacyExchangeDN} exists already.", nameof(legacyExchangeDN));
        var row = new MailboxRow
        {
            LegacyDn = legacyExchangeDN,
            DisplayName = displayName,
            Language = language,
            Guid = Guid.NewGuid().ToString(),
            Replica = Guid.NewGuid().ToString(),
            Reserved = CounterSpace.First,
        };
        row.Number = database.ExecuteScalar<long>(
            """
            INSERT INTO mailbox(legacy_dn, display_name, language, guid, replica, reserved)
            VALUES (@LegacyDn, @DisplayName, @Language, @Guid, @Replica, @Reserved) RETURNING number
            """,
            row);
        var mailbox = new MailboxStore(this, row);
        mailbox.Reload(database, row.Reserved);
        mailbox.CreateNames(database);
        mailbox.CreateDefaultFolders();
        mailboxes.Add(legacyExchangeDN, mailbox);
        return mailbox;
    });

    /// <summary>The mailbox of this legacyExchangeDN; null when there is none.</summary>
    public MailboxStore? FindMailbox(string legacyExchangeDN)
    {
        lock (gate) return mailboxes.GetValueOrDefault(legacyExchangeDN);
    }

    /// <summary>The public folders, made when somebody first asks for them. Source: [MS-OXCSTOR] 1.3.1.2.</summary>
    internal MailboxStore PublicFolders => FindMailbox(PublicFoldersDN) ?? CreateMailbox(PublicFoldersDN, "Public Folders", "en-US");

    /// <summary>Makes a public folder at the top of the tree, if it isn't there.</summary>
    public void EnsurePublicFolder(string name)
    {
        var top = PublicFolders.FolderOf(SpecialFolder.IpmSubtree);
        if (PublicFolders.FindFolder(top, name) is null) PublicFolders.CreateFolder(top, name, "IPF.Note");
    }

    /// <summary>
    /// Makes everything until its disposal one transaction, which is many times faster and leaves nothing when the process dies in it.
    /// Bulks may overlap; the transaction ends with the last of them.
    /// </summary>
    public IDisposable BeginBulk()
    {
        lock (gate)
        {
            if (bulks++ == 0) bulk = connection.BeginTransaction();
            return new Bulk(this);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            bulk?.Dispose();
            connection.Dispose();
        }
    }

    internal T Read<T>(Func<SqliteConnection, T> query)
    {
        lock (gate) return query(connection);
    }

    internal T Write<T>(Func<SqliteConnection, T> change)
    {
        lock (gate)
        {
            if (bulk is not null || writing) return change(connection);
            writing = true;
            try
            {
                return Commit(change);
            }
            finally
            {
                writing = false;
            }
        }
    }

    internal void Write(Action<SqliteConnection> change) => Write(database =>
    {
        change(database);
        return true;
    });

    private T Commit<T>(Func<SqliteConnection, T> change)
    {
        using var transaction = connection.BeginTransaction();
        try
        {
            var result = change(connection);
            transaction.Commit();
            return result;
        }
        catch
        {
            transaction.Dispose();
            LoadMailboxes();
            throw;
        }
    }

    private void EndBulk()
    {
        lock (gate)
        {
            if (--bulks > 0) return;
            using var ending = bulk;
            bulk = null;
            ending?.Commit();
        }
    }

    // Also after a failed change: what the mailboxes remember may be what was rolled back.
    private void LoadMailboxes()
    {
        var rows = connection.Query<MailboxRow>(
            "SELECT number, legacy_dn AS LegacyDn, display_name AS DisplayName, language, guid, replica, reserved FROM mailbox");
        var known = mailboxes.Values.ToDictionary(mailbox => mailbox.Number);
        mailboxes.Clear();
        foreach (var row in rows)
        {
            var mailbox = known.GetValueOrDefault(row.Number) ?? new MailboxStore(this, row);
            mailbox.Reload(connection, row.Reserved);
            mailboxes.Add(row.LegacyDn, mailbox);
        }
    }

    private sealed class Bulk(ExchangeStore store) : IDisposable
    {
        private bool ended;

        public void Dispose()
        {
            if (ended) return;
            ended = true;
            store.EndBulk();
        }
    }
}

/// <summary>A row of the table mailbox.</summary>
internal sealed class MailboxRow
{
    public long Number { get; set; }

    public string LegacyDn { get; set; } = "";

    public string DisplayName { get; set; } = "";

    public string Language { get; set; } = "";

    public string Guid { get; set; } = "";

    public string Replica { get; set; } = "";

    public long Reserved { get; set; }
}
