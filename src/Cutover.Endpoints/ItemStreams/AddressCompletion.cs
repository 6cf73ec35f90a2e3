using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.ItemStreams;

/// <summary>
/// Gives each address of the kind EX, which only its own organisation can resolve, the SMTP address beside it: Exchange 2003 and 2007 keep none. What
/// is there stays as it is. Source: [MS-OXOMSG] 2.2.1, [MS-OXCMSG] 2.2.1; PidTagSmtpAddress of recipients.
/// </summary>
public sealed class AddressCompletion(IFastTransferHandler next, IAddressNames names) : IFastTransferHandler
{
    private static readonly Role[] OfMessage =
    [
        new(0x0C1E, 0x0C1F, PropertyTags.SenderSmtpAddress),
        new(0x0064, 0x0065, PropertyTags.SentRepresentingSmtpAddress),
        new(0x0075, 0x0076, PropertyTags.ReceivedBySmtpAddress),
        new(0x0077, 0x0078, PropertyTags.ReceivedRepresentingSmtpAddress),
    ];

    private static readonly Role[] OfRecipient = [new(0x3002, 0x3003, PropertyTags.SmtpAddress)];

    private static readonly HashSet<ushort> Watched =
        [.. OfMessage.Concat(OfRecipient).SelectMany(role => (ushort[])[role.AddressType, role.EmailAddress, role.Smtp.Id])];

    private readonly Dictionary<ushort, string> seen = [];
    private Role[] roles = OfMessage;

    public void Marker(FastTransferMarker marker)
    {
        // A list of properties ends where the first thing of another kind begins.
        EndList();
        roles = marker switch { FastTransferMarker.StartRecip => OfRecipient, FastTransferMarker.StartEmbed => OfMessage, _ => [] };
        next.Marker(marker);
    }

    public void Property(PropertyValue property)
    {
        if (property is { Name: null, Value: string text } && Watched.Contains(property.Tag.Id)) seen[property.Tag.Id] = text;
        next.Property(property);
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length) => next.BeginProperty(tag, name, length);

    public void PropertyData(ReadOnlySpan<byte> data) => next.PropertyData(data);

    public void EndProperty() => next.EndProperty();

    /// <summary>Tells that the item has ended.</summary>
    public void Complete() => EndList();

    private void EndList()
    {
        foreach (var role in roles) Complete(role);
        seen.Clear();
    }

    private void Complete(Role role)
    {
        if (seen.ContainsKey(role.Smtp.Id) || !"EX".Equals(seen.GetValueOrDefault(role.AddressType), StringComparison.OrdinalIgnoreCase)) return;
        if (seen.TryGetValue(role.EmailAddress, out var name) && names.SmtpAddressOf(name) is { } address)
            next.Property(new PropertyValue(role.Smtp, address));
    }

    /// <summary>The ids of an address type and an e-mail address, and the property that the SMTP address goes to.</summary>
    private sealed record Role(ushort AddressType, ushort EmailAddress, PropertyTag Smtp);
}
