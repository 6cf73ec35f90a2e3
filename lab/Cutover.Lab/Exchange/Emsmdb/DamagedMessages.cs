using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>What the server can't do with a damaged message.</summary>
internal static class DamagedMessages
{
    private static readonly PropertyTag[] Bodies = [PropertyTags.Body, PropertyTags.Html, PropertyTags.RtfCompressed];

    public static bool StopsSynchronization(StoredMessage message) =>
        message.Damage is MessageDamage.StopsSynchronization or MessageDamage.WholeAndStopsSynchronization;

    public static bool FailsInSynchronization(StoredMessage message) => message.Damage is MessageDamage.InSynchronization or MessageDamage.Whole;

    public static bool IsUnreadable(StoredMessage message) =>
        message.Damage is MessageDamage.Whole or MessageDamage.WholeAndStopsSynchronization;

    /// <exception cref="RopException">It can't be opened.</exception>
    public static void RequireReadable(StoredMessage message)
    {
        if (IsUnreadable(message)) throw new RopException(LabErrorCode.CorruptData);
    }

    /// <summary>Puts an error where the value is that can't be read: the body's, in the middle of the properties.</summary>
    public static void Damage(StoredMessage message, MapiMessage content)
    {
        if (message.Damage != MessageDamage.OneProperty) return;
        var place = content.Properties.FindIndex(property => property.Name is null && Bodies.Any(body => body.Id == property.Tag.Id));
        if (place >= 0) content.Properties[place] = content.Properties[place] with { Value = new PropertyError(LabErrorCode.CorruptData) };
    }
}
