using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <summary>
/// The one counter of a mailbox, from which folder ids, message ids and change numbers come: never twice the same, always growing. The database
/// knows the end of the reserved range only, so a restart skips what was left of it. Used under the store's lock.
/// </summary>
internal sealed class CounterSpace(long mailbox)
{
    /// <summary>Above zero in each byte that a mailbox of this size reaches, so that a wrong byte order can't pass.</summary>
    public const long First = 0x0001_02A3_0001;

    private const int Step = 4096;
    private long next;
    private long reserved;

    /// <summary>The highest counter given out so far.</summary>
    public long Last => next - 1;

    public long Next(SqliteConnection database)
    {
        if (next == reserved)
        {
            reserved += Step;
            database.Execute("UPDATE mailbox SET reserved = @reserved WHERE number = @mailbox", new { reserved, mailbox });
        }
        return next++;
    }

    /// <summary>The first of so many counters in a row, none of which is given out again.</summary>
    public long Reserve(SqliteConnection database, uint count)
    {
        var first = next;
        next += count;
        reserved = Math.Max(reserved, next);
        database.Execute("UPDATE mailbox SET reserved = @reserved WHERE number = @mailbox", new { reserved, mailbox });
        return first;
    }

    /// <summary>Goes on after what the database has reserved and after what was given out before.</summary>
    public void Resume(long reservedInDatabase)
    {
        next = Math.Max(next, reservedInDatabase);
        reserved = next;
    }
}
