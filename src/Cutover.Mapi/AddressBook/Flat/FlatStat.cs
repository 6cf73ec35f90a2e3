using Cutover.Mapi.Rops;

namespace Cutover.Mapi.AddressBook;

public sealed partial record NspiStat
{
    internal static NspiStat ReadFlat(RopReader reader) => new()
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

    internal void WriteFlat(RopWriter writer) => writer
        .WriteUInt32((uint)SortType)
        .WriteUInt32(ContainerId)
        .WriteUInt32(CurrentRec)
        .WriteInt32(Delta)
        .WriteUInt32(NumPos)
        .WriteUInt32(TotalRecs)
        .WriteUInt32(CodePage)
        .WriteUInt32(TemplateLocale)
        .WriteUInt32(SortLocale);
}
