using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;

namespace Cutover.Lab.Dns;

/// <summary>A zone kept in a master file (RFC 1035 5), so that a restart shows it as it was changed. Thread-safe.</summary>
internal sealed class LabZone
{
    private readonly Lock gate = new();
    private readonly string file;
    private List<DnsRecordBase> records;

    public LabZone(DomainName name, string file, IEnumerable<DnsRecordBase> beginning)
    {
        Name = name;
        this.file = file;
        records = File.Exists(file) ? [.. Zone.ParseMasterFile(name, file)] : [.. beginning];
        Save();
    }

    public DomainName Name { get; }

    public SoaRecord Soa
    {
        get
        {
            lock (gate) return records.OfType<SoaRecord>().Single();
        }
    }

    public IReadOnlyList<DnsRecordBase> Records
    {
        get
        {
            lock (gate) return [.. records];
        }
    }

    /// <summary>Applies an update whole or not at all and raises the serial. Source: RFC 2136 3.</summary>
    public ReturnCode Apply(DnsUpdateMessage update)
    {
        lock (gate)
        {
            if (!update.ZoneName.Equals(Name)) return ReturnCode.NotAuthoritive;
            var unmet = update.Prequisites.Select(Check).Append(CheckSets(update)).FirstOrDefault(code => code != ReturnCode.NoError);
            if (unmet != ReturnCode.NoError) return unmet;
            var changed = update.Updates.Aggregate(records, Change);
            records = [.. changed.Where(record => record is not SoaRecord), Next(Soa)];
            Save();
            return ReturnCode.NoError;
        }
    }

    private ReturnCode Check(PrequisiteBase prerequisite) => prerequisite switch
    {
        NameIsInUsePrequisite => records.Exists(record => record.Name.Equals(prerequisite.Name)) ? ReturnCode.NoError : ReturnCode.NxDomain,
        NameIsNotInUsePrequisite => records.Exists(record => record.Name.Equals(prerequisite.Name)) ? ReturnCode.YXDomain : ReturnCode.NoError,
        RecordExistsValueDependantPrequisite => ReturnCode.NoError,
        RecordExistsValueIndependantPrequisite exists => Holds(exists.Name, exists.RecordType) ? ReturnCode.NoError : ReturnCode.NXRRSet,
        RecordNotExistsPrequisite not => Holds(not.Name, not.RecordType) ? ReturnCode.YXRRSet : ReturnCode.NoError,
        _ => ReturnCode.FormatError,
    };

    // Sets that must be exactly so: no record less and none more. Source: RFC 2136 2.4.2.
    private ReturnCode CheckSets(DnsUpdateMessage update)
    {
        var sets = update.Prequisites.OfType<RecordExistsValueDependantPrequisite>().GroupBy(wanted => (wanted.Record.Name, wanted.Record.RecordType));
        return sets.All(set => IsExactly(set.Key.Name, set.Key.RecordType, [.. set.Select(wanted => wanted.Record)])) ? ReturnCode.NoError : ReturnCode.NXRRSet;
    }

    private bool IsExactly(DomainName name, RecordType type, IReadOnlyList<DnsRecordBase> wanted)
    {
        var held = records.Where(record => record.Name.Equals(name) && record.RecordType == type).ToList();
        return held.Count == wanted.Count && wanted.All(record => held.Exists(other => SameData(record, other)));
    }

    private bool Holds(DomainName name, RecordType type) => records.Exists(record => record.Name.Equals(name) && record.RecordType == type);

    private static List<DnsRecordBase> Change(List<DnsRecordBase> records, UpdateBase update) => update switch
    {
        AddRecordUpdate add => [.. records.Where(record => !SameData(record, add.Record)), add.Record],
        DeleteRecordUpdate delete => [.. records.Where(record => !SameData(record, delete.Record))],
        DeleteAllRecordsUpdate all => [.. records.Where(record => !record.Name.Equals(all.Name) || record is SoaRecord or NsRecord
            || (all.RecordType != RecordType.Any && record.RecordType != all.RecordType))],
        _ => records,
    };

    // The TTL is not part of a record's identity (RFC 2136 1.1.5).
    private static bool SameData(DnsRecordBase one, DnsRecordBase other) =>
        one.Name.Equals(other.Name) && one.RecordType == other.RecordType && DataOf(one) == DataOf(other);

    private static string DataOf(DnsRecordBase record) => string.Join(' ', record.ToString().Split(' ').Skip(4));

    private static SoaRecord Next(SoaRecord soa) => new(soa.Name, soa.TimeToLive, soa.MasterName, soa.ResponsibleName, soa.SerialNumber + 1,
        soa.RefreshInterval, soa.RetryInterval, soa.ExpireInterval, soa.NegativeCachingTTL);

    private void Save()
    {
        var temporary = file + ".new";
        File.WriteAllLines(temporary, records.OrderBy(record => record is not SoaRecord).Select(record => record.ToString()));
        File.Move(temporary, file, overwrite: true);
    }
}
