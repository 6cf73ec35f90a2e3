using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Recipients as Get- cmdlets return them.</summary>
internal static class RecipientValues
{
    /// <summary>What every recipient cmdlet returns.</summary>
    public static JsonObject Of(TenantRecipient recipient, RecipientLookup recipients) => new()
    {
        ["Identity"] = recipient.Name,
        ["Id"] = recipient.Name,
        ["Name"] = recipient.Name,
        ["Alias"] = recipient.Alias,
        ["DisplayName"] = recipient.DisplayName,
        ["PrimarySmtpAddress"] = recipient.PrimarySmtpAddress,
        ["WindowsEmailAddress"] = recipient.PrimarySmtpAddress,
        ["EmailAddresses"] = Array(recipient.EmailAddresses),
        ["ExternalEmailAddress"] = recipient.ExternalEmailAddress,
        ["RecipientType"] = RecipientType(recipient.Type),
        ["RecipientTypeDetails"] = recipient.Type.ToString(),
        ["HiddenFromAddressListsEnabled"] = recipient.HiddenFromAddressLists,
        ["GrantSendOnBehalfTo"] = Array(recipients.Names(recipient.GrantSendOnBehalfTo)),
        ["LegacyExchangeDN"] = recipient.LegacyExchangeDN,
        ["ExternalDirectoryObjectId"] = recipient.Id.ToString(),
        ["Guid"] = recipient.Id.ToString(),
        ["DistinguishedName"] =
            $"CN={recipient.Name},OU=contoso.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,DC=EURPR01A001,DC=PROD,DC=OUTLOOK,DC=COM",
        ["WhenCreated"] = recipient.Created.UtcDateTime.ToString("O"),
        ["IsDirSynced"] = recipient.OnPremisesSyncEnabled,
    };

    public static JsonObject OfMailbox(TenantRecipient recipient, RecipientLookup recipients)
    {
        var value = Of(recipient, recipients);
        value["ExchangeGuid"] = recipient.ExchangeGuid?.ToString();
        value["UserPrincipalName"] = recipient.UserPrincipalName;
        value["MicrosoftOnlineServicesID"] = recipient.UserPrincipalName;
        value["WhenMailboxCreated"] = (recipient.MailboxReady ?? recipient.Created).UtcDateTime.ToString("O");
        value["IsMailboxEnabled"] = true;
        value["IsShared"] = recipient.Type == RecipientTypeDetails.SharedMailbox;
        value["IsResource"] = recipient.Type is RecipientTypeDetails.RoomMailbox or RecipientTypeDetails.EquipmentMailbox;
        value["ArchiveStatus"] = "None";
        value["MaxSendSize"] = "35 MB (36,700,160 bytes)";
        value["MaxReceiveSize"] = "36 MB (37,748,736 bytes)";
        value["ProhibitSendQuota"] = "99 GB (106,300,440,576 bytes)";
        value["RetainDeletedItemsFor"] = "14.00:00:00";
        return WithSettings(value, recipient);
    }

    /// <summary>The value with what Set- cmdlets left to be kept.</summary>
    public static JsonObject WithSettings(JsonObject value, TenantRecipient recipient)
    {
        foreach (var (name, json) in recipient.Settings) value[name] = JsonNode.Parse(json);
        return value;
    }

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static string RecipientType(RecipientTypeDetails type) => type switch
    {
        RecipientTypeDetails.MailUser or RecipientTypeDetails.MailContact => type.ToString(),
        RecipientTypeDetails.MailUniversalDistributionGroup or RecipientTypeDetails.MailUniversalSecurityGroup => type.ToString(),
        _ => "UserMailbox",
    };
}
