using System.Buffers.Binary;
using System.Text;

namespace Cutover.Mapi.Messages;

/// <summary>The entry ids by which messages name people. Source: [MS-OXCDATA] 2.2.5.</summary>
public static class AddressEntryId
{
    private const ushort UnicodeMimeOneOff = 0x9001; // U: Unicode; L: don't look up; M: MIME

    private static readonly byte[] OneOffProvider = Convert.FromHexString("812B1FA4BEA310199D6E00DD010F5402");
    private static readonly byte[] AddressBookProvider = Convert.FromHexString("DCA740C8C042101AB4B908002B2FE182");

    /// <summary>Names somebody who is in no address book. Source: [MS-OXCDATA] 2.2.5.1.</summary>
    public static byte[] OneOff(string name, string addressType, string address)
    {
        var names = Encoding.Unicode.GetBytes($"{name}\0{addressType}\0{address}\0");
        var id = new byte[24 + names.Length];
        OneOffProvider.CopyTo(id, 4);
        BinaryPrimitives.WriteUInt16LittleEndian(id.AsSpan(22), UnicodeMimeOneOff);
        names.CopyTo(id, 24);
        return id;
    }

    /// <summary>Names a recipient of the organisation. Source: [MS-OXCDATA] 2.2.5.2.</summary>
    public static byte[] AddressBook(string legacyExchangeDN)
    {
        var name = Encoding.Latin1.GetBytes(legacyExchangeDN + "\0");
        var id = new byte[28 + name.Length];
        AddressBookProvider.CopyTo(id, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(id.AsSpan(20), 1); // Version; Type 0 is a local mail user
        name.CopyTo(id, 28);
        return id;
    }

    /// <summary>A FLATENTRYLIST of entry ids, as PidTagReplyRecipientEntries holds it. Source: [MS-OXCDATA] 2.3.3.</summary>
    public static byte[] FlatList(IReadOnlyList<byte[]> entryIds)
    {
        var body = new MemoryStream();
        Span<byte> size = stackalloc byte[4];
        foreach (var entryId in entryIds)
        {
            BinaryPrimitives.WriteInt32LittleEndian(size, entryId.Length);
            body.Write(size);
            body.Write(entryId);
            body.Write(new byte[(4 - entryId.Length % 4) % 4]);
        }
        var list = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(list, entryIds.Count);
        BinaryPrimitives.WriteInt32LittleEndian(list.AsSpan(4), (int)body.Length);
        body.ToArray().CopyTo(list, 8);
        return list;
    }
}
