namespace Cutover.Core.Ledger;

/// <summary>
/// A later pass over this mailbox has begun, in another process that took it over. What this one still does must have no effect: it ends here, and the
/// later one goes on from the ledger.
/// </summary>
public sealed class SupersededPassException() : Exception("A later pass over this mailbox has begun elsewhere.");
