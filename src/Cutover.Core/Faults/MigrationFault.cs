namespace Cutover.Core.Faults;

/// <summary>What a fault concerns, and so what the engine may do about it.</summary>
public enum FaultScope
{
    /// <summary>This item only: keep it aside, record why, go on with the next.</summary>
    Item,

    /// <summary>This mailbox only: run it again from the ledger.</summary>
    Mailbox,

    /// <summary>Everything at this endpoint: pause it, then go on.</summary>
    Endpoint,

    /// <summary>Somebody must act first (a wrong password, a missing right): stop and ask.</summary>
    Operator,
}

/// <summary>
/// What failed at an endpoint, written for the administrator. Adapters throw it; only the engine decides what follows.
/// </summary>
/// <param name="scope">What the fault concerns.</param>
/// <param name="message">What failed, on which mailbox or record, and why. Never a secret, never an item's content.</param>
/// <param name="nextStep">What the administrator can do about it.</param>
public sealed class MigrationFault(FaultScope scope, string message, string nextStep, Exception? inner = null) : Exception(message, inner)
{
    public FaultScope Scope { get; } = scope;

    public string NextStep { get; } = nextStep;

    /// <summary>How long the endpoint asks us to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the request may have taken effect although no answer came: look before repeating it.</summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>False when trying again can't help (the item is malformed, the address is taken).</summary>
    public bool IsTransient { get; init; }
}
