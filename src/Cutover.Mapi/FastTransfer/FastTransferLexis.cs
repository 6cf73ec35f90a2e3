using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>How the values of a property type lie in a FastTransfer stream. Source: [MS-OXCFXICS] 2.2.4.1.</summary>
public static class FastTransferLexis
{
    /// <summary>The id of MetaTagIdsetGiven, whose tag claims Integer32 for a binary value. Source: [MS-OXCFXICS] 2.2.1.1.1.</summary>
    public const ushort IdsetGivenId = 0x4017;

    /// <summary>Bytes of a fixed-size value, 0 for other types. A Boolean takes two bytes here. Source: [MS-OXCFXICS] 2.2.4.1.1.2.</summary>
    public static int FixedSize(PropertyType type) => type == PropertyType.Boolean ? 2 : PropertyCodec.FixedSize(type);

    /// <summary>True for a value with its length in front: strings, binaries, objects, server ids.</summary>
    public static bool IsVariable(PropertyType type) => PropertyCodec.IsString(type) || PropertyCodec.IsBinary(type);

    /// <summary>True for a list of fixed-size or variable-size values with its count in front.</summary>
    public static bool IsMultiple(PropertyType type) =>
        type.IsMultipleValue() && type.ElementType() is var element && element != PropertyType.Boolean
        && (FixedSize(element) > 0 || IsVariable(element));

    /// <summary>
    /// True for properties that change the meaning of what follows or tell of the transfer itself; they are never part of an object.
    /// Source: [MS-OXCFXICS] 2.2.4.1.5.
    /// </summary>
    public static bool IsMetaProperty(PropertyTag tag) => tag.Id is 0x4008 or 0x400F or 0x4011 or 0x4016 or 0x407A or 0x407C;

    /// <summary>True for the 32-bit words that are markers and so not property tags.</summary>
    public static bool IsMarker(uint word) => (FastTransferMarker)word switch
    {
        FastTransferMarker.StartTopFld or FastTransferMarker.StartSubFld or FastTransferMarker.EndFolder => true,
        FastTransferMarker.StartMessage or FastTransferMarker.EndMessage or FastTransferMarker.StartFAIMsg => true,
        FastTransferMarker.StartEmbed or FastTransferMarker.EndEmbed => true,
        FastTransferMarker.StartRecip or FastTransferMarker.EndToRecip => true,
        FastTransferMarker.NewAttach or FastTransferMarker.EndAttach => true,
        FastTransferMarker.IncrSyncChg or FastTransferMarker.IncrSyncChgPartial or FastTransferMarker.IncrSyncDel => true,
        FastTransferMarker.IncrSyncEnd or FastTransferMarker.IncrSyncMessage or FastTransferMarker.IncrSyncRead => true,
        FastTransferMarker.IncrSyncStateBegin or FastTransferMarker.IncrSyncStateEnd => true,
        FastTransferMarker.IncrSyncProgressMode or FastTransferMarker.IncrSyncProgressPerMsg => true,
        FastTransferMarker.IncrSyncGroupInfo or FastTransferMarker.FXErrorInfo => true,
        _ => false,
    };
}
