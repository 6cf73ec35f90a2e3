namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>An address, user principal name or name that another object of the directory holds already.</summary>
internal sealed class AddressInUseException(string address, TenantRecipient holder)
    : Exception($"The address {address} is in use by {holder.DisplayName}.")
{
    public string Address { get; } = address;

    public TenantRecipient Holder { get; } = holder;
}
