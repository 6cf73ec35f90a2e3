using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Properties and their names. Source: [MS-OXCPRPT] 3.2.5.</summary>
internal static class PropertyRops
{
    private static readonly Guid MapiSet = new("00020328-0000-0000-c000-000000000046");

    // RopId, handle index, return value, row flag.
    private const int RowOverhead = 7;

    // RopId, handle index, return value, count.
    private const int ListOverhead = 8;

    /// <summary>The size limit of the request is passed over, as since Exchange 2010 (note 4): what fits is given.</summary>
    public static RopResponse GetPropertiesSpecific(RopContext context, GetPropertiesSpecificRequest request)
    {
        var (opened, properties) = Open(context, request.HandleIndex);
        var row = PropertyRows.OfProperties(
            opened.Mailbox, properties.ReadProperties(), request.Tags, request.WantUnicode, context.Room - RowOverhead);
        return new GetPropertiesSpecificResponse(request.HandleIndex, request.Tags, row);
    }

    /// <summary>Everything; a value that does not fit is an error in its place.</summary>
    public static RopResponse GetPropertiesAll(RopContext context, GetPropertiesAllRequest request)
    {
        var (_, properties) = Open(context, request.HandleIndex);
        var all = properties.ReadProperties().Where(property => property.Value is not PropertyError).ToList();
        return new GetPropertiesAllResponse(request.HandleIndex, PropertyRows.All(all, request.WantUnicode, context.Room - ListOverhead));
    }

    public static RopResponse GetPropertiesList(RopContext context, GetPropertiesListRequest request) =>
        new GetPropertiesListResponse(
            request.HandleIndex, [.. Open(context, request.HandleIndex).Properties.ReadProperties().Select(property => property.Tag)]);

    /// <summary>
    /// Whatever object is asked, all names that its mailbox knows: Microsoft's suite of [MS-OXCPRPT] sees Exchange do so. Source: [MS-OXCPRPT] 3.2.5.6.
    /// </summary>
    public static RopResponse QueryNamedProperties(RopContext context, QueryNamedPropertiesRequest request)
    {
        var mailbox = Open(context, request.HandleIndex).Object.Mailbox;
        var asked = mailbox.PropertyNames.Where(pair => IsAsked(request, pair.Value)).OrderBy(pair => pair.Key).ToList();
        return new QueryNamedPropertiesResponse(request.HandleIndex, [.. asked.Select(pair => pair.Key)], [.. asked.Select(pair => pair.Value)]);
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

    internal static (ServerObject Object, IPropertyObject Properties) Open(RopContext context, byte index)
    {
        var opened = context.Get<ServerObject>(index);
        return opened is IPropertyObject properties ? (opened, properties) : throw new RopException(MapiErrorCode.NotSupported);
    }

    private static bool IsAsked(QueryNamedPropertiesRequest request, PropertyName name) =>
        !(request.Flags.HasFlag(NamedPropertiesQueryFlags.NoStrings) && name.Name is not null)
        && !(request.Flags.HasFlag(NamedPropertiesQueryFlags.NoIds) && name.Lid is not null)
        && (request.PropertySet is not { } set || name.PropertySet == set);

    private static ushort IdOf(MailboxStore mailbox, PropertyName name, bool create) =>
        name.PropertySet == MapiSet && name.Lid is { } lid ? (ushort)lid : mailbox.PropertyIdOf(name, create) ?? 0;

    private static PropertyName NameOf(MailboxStore mailbox, ushort id) =>
        id < 0x8000 ? PropertyName.Of(MapiSet, id) : mailbox.PropertyNameOf(id) ?? new PropertyName(Guid.Empty, null, null);
}
