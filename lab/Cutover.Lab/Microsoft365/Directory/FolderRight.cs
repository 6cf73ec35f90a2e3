namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>What somebody may do in a folder.</summary>
/// <param name="User">A recipient's id, Default or Anonymous.</param>
/// <param name="Rights">Rights or roles, in the words of the cmdlets.</param>
/// <param name="Flags">Delegate and CanViewPrivateItems.</param>
public sealed record FolderRight(long Folder, string User, IReadOnlyList<string> Rights, IReadOnlyList<string> Flags);
