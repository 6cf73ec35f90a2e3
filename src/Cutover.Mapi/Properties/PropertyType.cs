namespace Cutover.Mapi.Properties;

/// <summary>The type of a property value on the wire. Source: [MS-OXCDATA] 2.11.1.</summary>
public enum PropertyType : ushort
{
    Unspecified = 0x0000,
    Null = 0x0001,
    Integer16 = 0x0002,
    Integer32 = 0x0003,
    Floating32 = 0x0004,
    Floating64 = 0x0005,
    Currency = 0x0006,
    FloatingTime = 0x0007,
    ErrorCode = 0x000A,
    Boolean = 0x000B,
    Object = 0x000D,
    Integer64 = 0x0014,
    String8 = 0x001E,
    String = 0x001F,
    Time = 0x0040,
    Guid = 0x0048,
    ServerId = 0x00FB,
    Restriction = 0x00FD,
    RuleAction = 0x00FE,
    Binary = 0x0102,
    MultipleInteger16 = 0x1002,
    MultipleInteger32 = 0x1003,
    MultipleFloating32 = 0x1004,
    MultipleFloating64 = 0x1005,
    MultipleCurrency = 0x1006,
    MultipleFloatingTime = 0x1007,
    MultipleInteger64 = 0x1014,
    MultipleString8 = 0x101E,
    MultipleString = 0x101F,
    MultipleTime = 0x1040,
    MultipleGuid = 0x1048,
    MultipleBinary = 0x1102,
}

/// <summary>Questions about a <see cref="PropertyType"/>.</summary>
public static class PropertyTypes
{
    /// <summary>The flag of the code-page string types 0x8000 | code page. Source: [MS-OXCFXICS] 2.2.4.1.1.1.</summary>
    public const ushort CodePageFlag = 0x8000;

    /// <summary>The flag of the multiple-value types. Source: [MS-OXCDATA] 2.11.1.3.</summary>
    public const ushort MultipleValueFlag = 0x1000;

    /// <summary>True for 0x8000 | code page, such as 0x84B0 (UTF-16) and 0x84E4 (Windows-1252): found in FastTransfer streams only.</summary>
    public static bool IsCodePageString(this PropertyType type) => ((ushort)type & CodePageFlag) != 0;

    /// <summary>The code page of a code-page string type.</summary>
    public static int CodePage(this PropertyType type) => (ushort)type & ~CodePageFlag;

    /// <summary>True for the types that hold a list of values.</summary>
    public static bool IsMultipleValue(this PropertyType type) => !type.IsCodePageString() && ((ushort)type & MultipleValueFlag) != 0;

    /// <summary>The type of one element of a multiple-value type; any other type itself.</summary>
    public static PropertyType ElementType(this PropertyType type) =>
        type.IsMultipleValue() ? (PropertyType)((ushort)type & ~MultipleValueFlag) : type;
}
