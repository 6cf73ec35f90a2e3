using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Structures;

namespace Cutover.Mapi.Messages;

/// <summary>The entry ids by which messages name people. Source: [MS-OXCDATA] 2.2.5.</summary>
public static class AddressEntryId
{
    private const ushort UnicodeFlag = 0x8000;
    private const int ProviderEnd = 20;

    private static readonly byte[] OneOffProvider = Convert.FromHexString("812B1FA4BEA310199D6E00DD010F5402");
    private static readonly byte[] AddressBookProvider = Convert.FromHexString("DCA740C8C042101AB4B908002B2FE182");

    /// <summary>Names somebody who is in no address book. Source: [MS-OXCDATA] 2.2.5.1.</summary>
    public static byte[] OneOff(string name, string addressType, string address) => OneOffEntryId.Of(name, addressType, address).ToBytes();

    /// <summary>Names a recipient of the organisation. Source: [MS-OXCDATA] 2.2.5.2.</summary>
    public static byte[] AddressBook(string legacyExchangeDN) => AddressBookEntryId.Of(legacyExchangeDN).ToBytes();

    /// <summary>A FLATENTRYLIST of entry ids, as PidTagReplyRecipientEntries holds it. Source: [MS-OXCDATA] 2.3.3.</summary>
    public static byte[] FlatList(IReadOnlyList<byte[]> entryIds) =>
        new FlatEntryList([.. entryIds.Select(entryId => (ReadOnlyMemory<byte>)entryId)]).ToBytes();

    /// <summary>The entry ids of a FLATENTRYLIST; where the list breaks off, so do they. Source: [MS-OXCDATA] 2.3.3.</summary>
    public static IReadOnlyList<byte[]> ReadFlatList(byte[] list)
    {
        const int header = 8;
        var entries = new List<byte[]>();
        for (var at = header; at + 4 <= list.Length;)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(list.AsSpan(at));
            at += 4;
            if (size <= 0 || size > list.Length - at) break;
            entries.Add(list[at..(at + size)]);
            at += (size + 3) / 4 * 4;
        }
        return entries;
    }

    /// <summary>Whom a one-off or address-book entry id names; null for any other.</summary>
    public static MessageAddress? TryRead(byte[] entryId)
    {
        if (entryId.Length < ProviderEnd + 4) return null;
        var provider = entryId.AsSpan(4, ProviderEnd - 4);
        if (provider.SequenceEqual(OneOffProvider)) return ReadOneOff(entryId);
        return provider.SequenceEqual(AddressBookProvider) && entryId.Length > 28
            ? MessageAddress.Exchange("", CodePages.Decode(CodePages.Windows1252, UntilNul(entryId.AsSpan(28))), smtpAddress: null)
            : null;
    }

    private static MessageAddress? ReadOneOff(byte[] entryId)
    {
        var isUnicode = (BinaryPrimitives.ReadUInt16LittleEndian(entryId.AsSpan(22)) & UnicodeFlag) != 0;
        var texts = (isUnicode ? Encoding.Unicode : Encoding.Latin1).GetString(entryId.AsSpan(24)).Split('\0');
        if (texts.Length < 3 || texts[2].Length == 0) return null;
        var type = texts[1].ToUpperInvariant();
        return new MessageAddress(texts[0], type, texts[2], type == "SMTP" ? texts[2] : null);
    }

    private static ReadOnlySpan<byte> UntilNul(ReadOnlySpan<byte> bytes) => bytes.IndexOf((byte)0) is var end and >= 0 ? bytes[..end] : bytes;
}
