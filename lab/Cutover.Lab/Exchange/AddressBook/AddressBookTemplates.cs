using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>
/// The templates of the address book, in English: one that makes an SMTP address, and the details of each kind of object. Source: [MS-OXOABKT] 2.2.
/// </summary>
internal static class AddressBookTemplates
{
    private const uint ReturnsTemplate = 1;
    private const uint ReturnsScript = 4;
    private const uint DisplayTypeOfTemplates = 0x102;
    private const uint LastDisplayType = (uint)AddressBookDisplayType.RemoteMailUser;
    private const string Container = "/o=Contoso/cn=Addressing/cn=Address-Templates/cn=409/cn=";
    private const string SmtpTemplate = Container + "SMTP";

    private const uint Label = 0;
    private const uint TextBox = 1;
    private const uint Page = 8;
    private const uint Halt = 0x8000_0000;

    private static readonly PropertyTag TemplateData = new(0x0001_0102);
    private static readonly PropertyTag ScriptData = new(0x0004_0102);

    /// <summary>What a client may make addresses of; nothing in another language than English. Source: [MS-OXNSPI] 3.1.4.1.3 constraint 11.</summary>
    public static IReadOnlyList<PropertyBag> CreationTable(uint locale)
    {
        if (locale != NspiStat.DefaultLocale) return [];
        byte[] entryId = [0, 0, 0, 0, .. AddressBookObject.ProviderUid, .. Numbers(1, DisplayTypeOfTemplates), .. Encoding.ASCII.GetBytes(SmtpTemplate), 0];
        return
        [
            [
                new(PropertyTags.AddressType.WithType(PropertyType.String8), "SMTP"),
                new(PropertyTags.DisplayName.WithType(PropertyType.String8), "SMTP Address"),
                new(PropertyTags.DisplayType, (int)DisplayTypeOfTemplates),
                new(PropertyTags.EntryId, entryId),
                new(PropertyTags.Depth, 0),
                new(PropertyTags.Selectable, true),
                new(PropertyTags.InstanceKey, Numbers(1)),
            ],
        ];
    }

    /// <summary>The parts of a template that are asked for; null when there is no such template.</summary>
    public static PropertyBag? Find(NspiGetTemplateInfoRequest request)
    {
        var isKnown = request.TemplateDN is { } name
            ? string.Equals(name, SmtpTemplate, StringComparison.OrdinalIgnoreCase)
            : request.DisplayType <= LastDisplayType && request.Locale == NspiStat.DefaultLocale;
        if (!isKnown) return null;
        PropertyBag row = [];
        if ((request.Flags & ReturnsTemplate) != 0) row.Add(new(TemplateData, Dialog()));
        if ((request.Flags & ReturnsScript) != 0) row.Add(new(ScriptData, Numbers(1, Halt)));
        return row;
    }

    // A version, the number of controls, the controls, then their texts. Source: [MS-OXOABKT] 2.2.2.1.
    private static byte[] Dialog()
    {
        const uint controls = 3;
        const uint texts = 8 + controls * 36;
        var general = Encoding.ASCII.GetBytes("General\0");
        var name = Encoding.ASCII.GetBytes("Name:\0");
        var nameAt = texts + (uint)general.Length;
        var anythingAt = nameAt + (uint)name.Length;
        return
        [
            .. Numbers(1, controls),
            .. Control(0, 0, 0, 0, Page, 0, 0, texts),
            .. Control(8, 60, 16, 12, Label, 0, 0, nameAt),
            .. Control(72, 180, 16, 12, TextBox, PropertyTags.DisplayName.WithType(PropertyType.String8).Value, 256, anythingAt),
            .. general, .. name, .. "*\0"u8,
        ];
    }

    // Left, width, top, height, kind, flags, property, longest text, where its text is.
    private static byte[] Control(uint left, uint width, uint top, uint height, uint kind, uint property, uint longest, uint text) =>
        Numbers(left, width, top, height, kind, 0, property, longest, text);

    private static byte[] Numbers(params ReadOnlySpan<uint> numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(uint)];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), numbers[i]);
        return bytes;
    }
}
