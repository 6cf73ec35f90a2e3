namespace Cutover.Core.Runbooks;

/// <summary>Somebody who answers for what can't be undone: the MX switch, the removal of the batch.</summary>
public interface IApprovals
{
    /// <summary>Returns who approved; fails with an operator <see cref="Faults.MigrationFault"/> when it was refused or nobody can be asked.</summary>
    Task<string> AskAsync(string what, CancellationToken ct);
}
