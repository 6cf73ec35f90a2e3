using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Properties and their names. Source: [MS-OXCPRPT] 3.2.5.</summary>
internal static class PropertyRops
{
    private static readonly Guid MapiSet = new("00020328-0000-0000-c000-000000000046");

    public static RopResponse GetPropertiesSpecific(RopContext context, GetPropertiesSpecificRequest request)
    {
        var opened = context.Get<ServerObject>(request.HandleIndex);
        if (opened is not IPropertyObject properties) throw new RopException(MapiErrorCode.NotSupported);
        var limit = request.PropertySizeLimit == 0 ? context.Room / 2 : request.PropertySizeLimit;
        var row = PropertyRows.OfProperties(opened.Mailbox, properties.ReadProperties(), request.Tags, limit);
        return new GetPropertiesSpecificResponse(request.HandleIndex, request.Tags, row);
    }

    /// <summary>One id per name. Names of the set PS_MAPI are ids themselves. Source: [MS-OXCPRPT] 3.2.5.9.</summary>
    public static RopResponse GetPropertyIdsFromNames(RopContext context, GetPropertyIdsFromNamesRequest request)
    {
        var mailbox = context.Get<ServerObject>(request.HandleIndex).Mailbox;
        var known = request.Names.Count > 0 ? request.Names.Select(name => IdOf(mailbox, name, request.Create)) : mailbox.PropertyNames.Keys;
        var ids = known.ToList();
        return new GetPropertyIdsFromNamesResponse(request.HandleIndex, ids)
        {
            ReturnValue = ids.Contains((ushort)0) ? GetPropertyIdsFromNamesResponse.ErrorsReturned : MapiErrorCode.Success,
        };
    }

    public static RopResponse GetNamesFromPropertyIds(RopContext context, GetNamesFromPropertyIdsRequest request)
    {
        var mailbox = context.Get<ServerObject>(request.HandleIndex).Mailbox;
        return new GetNamesFromPropertyIdsResponse(request.HandleIndex, request.PropertyIds.Select(id => NameOf(mailbox, id)).ToList());
    }

    private static ushort IdOf(MailboxStore mailbox, PropertyName name, bool create) =>
        name.PropertySet == MapiSet && name.Lid is { } lid ? (ushort)lid : mailbox.PropertyIdOf(name, create) ?? 0;

    private static PropertyName NameOf(MailboxStore mailbox, ushort id) =>
        id < 0x8000 ? PropertyName.Of(MapiSet, id) : mailbox.PropertyNameOf(id) ?? new PropertyName(Guid.Empty, null, null);
}
