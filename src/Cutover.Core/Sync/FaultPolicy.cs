using System.Diagnostics;
using Cutover.Core.Faults;

namespace Cutover.Core.Sync;

/// <summary>What the engine does about a fault.</summary>
public abstract record FaultDecision;

/// <summary>Make the same call again after <paramref name="Delay"/>.</summary>
public sealed record TryAgain(TimeSpan Delay) : FaultDecision;

/// <summary>Record the reason, keep the item aside, go on with the next.</summary>
public sealed record SkipItem : FaultDecision;

/// <summary>Open the mailbox anew after <paramref name="Delay"/> and go on from the ledger.</summary>
public sealed record RerunMailbox(TimeSpan Delay) : FaultDecision;

/// <summary>Ask nothing more of the endpoint for <paramref name="Duration"/>, then go on.</summary>
public sealed record PauseEndpoint(TimeSpan Duration) : FaultDecision;

/// <summary>Stop this mailbox and wait for the administrator.</summary>
public sealed record StopAndAsk : FaultDecision;

/// <summary>How patient the engine is.</summary>
public sealed record FaultPolicyOptions
{
    /// <summary>The first back-off; it doubles with each further attempt.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often one item is tried before it is skipped.</summary>
    public int ItemAttempts { get; init; } = 4;

    /// <summary>How often one call to the target is made before the mailbox is opened anew.</summary>
    public int CallAttempts { get; init; } = 4;

    /// <summary>How often a mailbox is run again, without one item more, on a fault that trying again is not known to help.</summary>
    public int MailboxAttempts { get; init; } = 4;
}

/// <summary>The one place that decides what follows from a fault; adapters only say what failed.</summary>
public sealed class FaultPolicy(FaultPolicyOptions options)
{
    // ENOSPC as .NET reports it on Linux.
    private const int NoSpaceLeft = 28;

    /// <summary>What follows when <paramref name="fault"/> is the <paramref name="attempt"/>-th failure in a row (from 1) of a mailbox's pass.</summary>
    public FaultDecision Decide(MigrationFault fault, int attempt) => fault.Scope switch
    {
        FaultScope.Item when fault.IsTransient && attempt < options.ItemAttempts => new TryAgain(BackOff(fault, attempt)),
        FaultScope.Item => new SkipItem(),
        FaultScope.Mailbox when fault.IsTransient || attempt < options.MailboxAttempts => new RerunMailbox(BackOff(fault, attempt)),
        FaultScope.Mailbox => new StopAndAsk(),
        FaultScope.Endpoint => new PauseEndpoint(BackOff(fault, attempt)),
        FaultScope.Operator => new StopAndAsk(),
        _ => throw new UnreachableException(),
    };

    /// <summary>
    /// What follows for one call when it failed the <paramref name="attempt"/>-th time. A call whose outcome is unknown, or that the endpoint put off,
    /// is made again on the same connection a few times: reading a large folder from the beginning costs far more.
    /// </summary>
    public FaultDecision DecideForCall(MigrationFault fault, int attempt) => Decide(fault, attempt) switch
    {
        RerunMailbox(var delay) when attempt < options.CallAttempts && (fault.IsTransient || fault.OutcomeUnknown) => new TryAgain(delay),
        SkipItem when attempt < options.ItemAttempts && fault.OutcomeUnknown => new TryAgain(BackOff(fault, attempt)),
        PauseEndpoint when attempt >= options.CallAttempts && fault.RetryAfter is null => new RerunMailbox(BackOff(fault, attempt)),
        var decision => decision,
    };

    private TimeSpan BackOff(MigrationFault fault, int attempt) =>
        fault.RetryAfter ?? TimeSpan.FromTicks((long)Math.Min(options.MaxDelay.Ticks, options.FirstDelay.Ticks * Math.Pow(2, Math.Min(attempt - 1, 30))));

    /// <summary>
    /// The failure as a fault of one item: an item fault itself, or what code throws that meets bytes it did not expect. Null for everything that
    /// concerns more than the item.
    /// </summary>
    public static MigrationFault? AsItemFault(Exception exception) => exception switch
    {
        MigrationFault fault => fault.Scope == FaultScope.Item ? fault : null,
        FormatException or InvalidDataException or OverflowException or NotSupportedException or ArgumentException or IndexOutOfRangeException =>
            new MigrationFault(
                FaultScope.Item, $"The item can't be understood ({exception.GetType().Name}).", "Its original is kept aside; send it to Cutover's makers.", exception),
        _ => null,
    };

    /// <summary>Any failure that ended a pass. An item fault that no item could take concerns the mailbox.</summary>
    public static MigrationFault ToMailboxFault(Exception exception) => ToFault(exception) switch
    {
        { Scope: FaultScope.Item } fault => new MigrationFault(FaultScope.Mailbox, fault.Message, fault.NextStep, fault) { IsTransient = fault.IsTransient },
        var fault => fault,
    };

    /// <summary>Any failure as a fault: what an adapter did not foresee concerns the mailbox, and the ledger knows where to go on.</summary>
    public static MigrationFault ToFault(Exception exception) => exception switch
    {
        MigrationFault fault => fault,
        IOException { HResult: NoSpaceLeft } full => new MigrationFault(
            FaultScope.Mailbox, $"The disk of the work folder is full: {full.Message}", "Make room; the engine tries again by itself.", full)
        { IsTransient = true },
        IOException io => new MigrationFault(
            FaultScope.Mailbox, $"The work folder can't be used: {io.Message}", "Check its free space and its rights; the engine tries again by itself.", io)
        { IsTransient = true },
        _ => new MigrationFault(
            FaultScope.Mailbox, $"The copy stopped on an unforeseen error ({exception.GetType().Name}: {exception.Message}).",
            "The engine tries again; if it stays, send the log to Cutover's makers.", exception),
    };
}
