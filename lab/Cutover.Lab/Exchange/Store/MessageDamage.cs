namespace Cutover.Lab.Exchange.Store;

/// <summary>How a stored message is damaged: what of it the server still gives.</summary>
public enum MessageDamage
{
    None = 0,

    /// <summary>It can't be opened. A synchronisation in RecoverMode tells so and goes on.</summary>
    Whole = 1,

    /// <summary>A synchronisation in RecoverMode tells of it and goes on without it; a copy of the message alone comes whole.</summary>
    InSynchronization = 2,

    /// <summary>Every synchronisation ends at it with an error, RecoverMode or not; a copy of the message alone comes whole.</summary>
    StopsSynchronization = 3,

    /// <summary>One property of its content can't be read: every copy of it ends there. The others can be read one by one.</summary>
    OneProperty = 4,

    /// <summary>It can't be opened, and every synchronisation ends at it with an error.</summary>
    WholeAndStopsSynchronization = 5,
}
