using Cutover.Endpoints.ItemStreams;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>Which part of a mailbox is read.</summary>
public enum SourceScope
{
    /// <summary>What the user sees: the IPM subtree.</summary>
    IpmSubtree,

    /// <summary>What was deleted and can still be recovered, from Exchange 2010 on: Deletions, Purges, Versions and others below Recoverable Items.</summary>
    RecoverableItems,

    /// <summary>The views and favourites that lie in Common Views; they are folder-associated items.</summary>
    CommonViews,
}

/// <summary>What is read of a mailbox, and in which form.</summary>
public sealed record SourceReading
{
    public SourceScope Scope { get; init; }

    /// <summary>Reads folder-associated items too: views, forms, rules, settings.</summary>
    public bool IncludesAssociated { get; init; }

    /// <summary>
    /// Passes each message on as the server gives it for upload, unparsed (RopFastTransferSourceCopyTo with ForUpload). One round trip per item, no
    /// stamp, no filter: for comparing with what Cutover writes itself. docs/protocols/emsmdb.md
    /// </summary>
    public bool PassesThrough { get; init; }

    /// <summary>Gives addresses of the kind EX an SMTP address beside them; null leaves them alone.</summary>
    public IAddressNames? Addresses { get; init; }
}
