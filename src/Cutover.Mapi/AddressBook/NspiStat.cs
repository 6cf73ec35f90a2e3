using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>STAT: which table, sorted how, and where in it. Source: [MS-OXNSPI] 2.2.8.</summary>
public sealed partial record NspiStat
{
    public const uint DefaultLocale = 0x409;

    public NspiSortType SortType { get; init; }

    /// <summary>The container; 0 is the global address list.</summary>
    public uint ContainerId { get; init; }

    /// <summary>The minimal entry id of the current row.</summary>
    public uint CurrentRec { get; init; }

    /// <summary>Rows to move from there.</summary>
    public int Delta { get; init; }

    /// <summary>The approximate position of the current row, and how many rows there are.</summary>
    public uint NumPos { get; init; }

    public uint TotalRecs { get; init; }

    /// <summary>The code page of 8-bit strings; UTF-16 is not one.</summary>
    public uint CodePage { get; init; } = CodePages.Windows1252;

    public uint TemplateLocale { get; init; } = DefaultLocale;

    public uint SortLocale { get; init; } = DefaultLocale;

    internal static NspiStat Read(ref NdrReader reader) => new()
    {
        SortType = (NspiSortType)reader.ReadUInt32(),
        ContainerId = reader.ReadUInt32(),
        CurrentRec = reader.ReadUInt32(),
        Delta = reader.ReadInt32(),
        NumPos = reader.ReadUInt32(),
        TotalRecs = reader.ReadUInt32(),
        CodePage = reader.ReadUInt32(),
        TemplateLocale = reader.ReadUInt32(),
        SortLocale = reader.ReadUInt32(),
    };

    internal void Write(NdrWriter writer)
    {
        writer.WriteUInt32((uint)SortType);
        writer.WriteUInt32(ContainerId);
        writer.WriteUInt32(CurrentRec);
        writer.WriteInt32(Delta);
        writer.WriteUInt32(NumPos);
        writer.WriteUInt32(TotalRecs);
        writer.WriteUInt32(CodePage);
        writer.WriteUInt32(TemplateLocale);
        writer.WriteUInt32(SortLocale);
    }
}
