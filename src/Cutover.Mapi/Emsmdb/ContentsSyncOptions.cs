using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>How a folder's contents are synchronised. Source: [MS-OXCFXICS] 2.2.3.2.1.1.1.</summary>
public sealed record ContentsSyncOptions
{
    /// <summary>UTF-16 strings with their code page as type, as item streams have them; a broken message costs itself only.</summary>
    public SendOptions SendOptions { get; init; } = SendOptions.UseCpid | SendOptions.ForceUnicode | SendOptions.RecoverMode;

    /// <summary>Without BestBody Exchange 2007 and 2010 give every body as compressed RTF; later versions ignore it.</summary>
    public SynchronizationFlags Flags { get; init; } =
        SynchronizationFlags.Unicode | SynchronizationFlags.Normal | SynchronizationFlags.ReadState | SynchronizationFlags.NoForeignIdentifiers
        | SynchronizationFlags.BestBody;

    public SynchronizationExtraFlags ExtraFlags { get; init; } =
        SynchronizationExtraFlags.Eid | SynchronizationExtraFlags.MessageSize | SynchronizationExtraFlags.ChangeNumber;

    /// <summary>Properties to leave out, or with <see cref="SynchronizationFlags.OnlySpecifiedProperties"/> those that alone are wanted.</summary>
    public IReadOnlyList<PropertyTag> Properties { get; init; } = [];
}
