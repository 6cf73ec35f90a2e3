namespace Cutover.Core.Recipients;

/// <summary>Puts the whole organisation's recipients in place, in the order their references need.</summary>
public sealed partial class RecipientProvisioning;
