namespace Cutover.Lab.Exchange.Emsmdb.Tables;

/// <summary>Which table it is: not every one takes every ROP. Source: [MS-OXCTABL] 3.2.5.</summary>
[Flags]
internal enum TableKind
{
    Hierarchy = 1,
    Contents = 2,
    Rules = 4,
    Attachments = 8,
    Permissions = 16,
}
