using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cutover.Server;
using Microsoft.AspNetCore.DataProtection;

namespace Cutover.EndToEnd.Tests;

public sealed class InitialPasswordTests : IDisposable
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly TemporaryFolder work = new();
    private readonly EphemeralDataProtectionProvider keys = new();

    private string File => Path.Combine(work.Path, "initial-passwords.jsonl");

    public void Dispose() => work.Dispose();

    [Fact]
    public async Task A_password_is_never_in_clear_on_the_disk_and_handed_over_once_the_last_one_of_each_account()
    {
        var store = Store();
        await store.KeepAsync("anna@contoso.com", "first-Secret-1", Ct);
        await store.KeepAsync("anna@contoso.com", "second-Secret-2", Ct);
        await store.KeepAsync("bert@contoso.com", "third-Secret-3", Ct);
        var onDisk = await System.IO.File.ReadAllTextAsync(File, Ct);

        var handed = await HandOverAsync(Store(), ["ANNA@contoso.com"]);
        var again = await Assert.ThrowsAsync<InvalidSettingsException>(() => HandOverAsync(Store(), ["anna@contoso.com"]));

        Assert.DoesNotContain("Secret", onDisk, StringComparison.Ordinal);
        Assert.Equal([("anna@contoso.com", "second-Secret-2")], handed);
        Assert.Contains("was handed over", again.Message, StringComparison.Ordinal);
        Assert.Equal([true, false], (await Store().ListAsync(Ct)).Select(kept => kept.HandedOver is not null));
        Assert.Equal([("bert@contoso.com", "third-Secret-3")], await HandOverAsync(Store(), null));
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_short_costs_no_other()
    {
        await Store().KeepAsync("anna@contoso.com", "one", Ct);
        var whole = await System.IO.File.ReadAllBytesAsync(File, Ct);
        await System.IO.File.WriteAllBytesAsync(File, [.. whole, .. whole[..(whole.Length / 2)]], Ct);
        await Store().KeepAsync("bert@contoso.com", "two", Ct);

        Assert.Equal([("anna@contoso.com", "one"), ("bert@contoso.com", "two")], await HandOverAsync(Store(), null));
    }

    [Fact]
    public async Task A_delivery_that_fails_leaves_the_passwords_here()
    {
        await Store().KeepAsync("anna@contoso.com", "one", Ct);

        await Assert.ThrowsAsync<IOException>(() => Store().HandOverAsync(null, _ => throw new IOException("full"), Ct));

        Assert.Single(await HandOverAsync(Store(), null));
    }

    [Fact]
    public async Task Other_keys_and_unknown_accounts_are_named()
    {
        await Store().KeepAsync("anna@contoso.com", "one", Ct);

        var otherKeys = await Assert.ThrowsAsync<InvalidSettingsException>(() => HandOverAsync(new InitialPasswordStore(File, new EphemeralDataProtectionProvider(), TimeProvider.System), null));
        var unknown = await Assert.ThrowsAsync<InvalidSettingsException>(() => HandOverAsync(Store(), ["carl@contoso.com"]));

        Assert.Contains(KeyRing.Variable, otherKeys.Message, StringComparison.Ordinal);
        Assert.Contains("carl@contoso.com", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_at_once_are_all_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Store().KeepAsync($"user{number}@contoso.com", $"password{number}", Ct)));

        Assert.Equal(40, (await Store().ListAsync(Ct)).Count);
    }

    [Fact]
    public async Task A_sealed_file_is_opened_by_OpenSSL_with_the_key_of_its_certificate()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=Help desk", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var (certificateFile, keyFile, sealedFile) = (Path.Combine(work.Path, "c.pem"), Path.Combine(work.Path, "k.pem"), Path.Combine(work.Path, "s.pem"));
        await System.IO.File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem(), Ct);
        await System.IO.File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), Ct);

        await SealedFile.WriteAsync(sealedFile, certificateFile, "anna,Secret-1\r\n"u8.ToArray(), Ct);

        Assert.DoesNotContain("Secret", await System.IO.File.ReadAllTextAsync(sealedFile, Ct), StringComparison.Ordinal);
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["cms", "-decrypt", "-inform", "PEM", "-in", sealedFile, "-inkey", keyFile]) { RedirectStandardOutput = true })!;
        Assert.Equal("anna,Secret-1", (await openssl.StandardOutput.ReadToEndAsync(Ct)).Trim());
    }

    [Fact]
    public async Task A_sealed_file_never_takes_the_place_of_one_that_is_there_and_nobody_is_forgotten_for_it()
    {
        await Store().KeepAsync("anna@contoso.com", "one", Ct);
        var file = Path.Combine(work.Path, "s.pem");
        await System.IO.File.WriteAllTextAsync(file, "the passwords of last week", Ct);

        var there = await Assert.ThrowsAsync<InvalidSettingsException>(() => Store().HandOverAsync(null, _ => SealedFile.WriteAsync(file, "c.pem", [1], Ct), Ct));

        Assert.Contains("is there already", there.Message, StringComparison.Ordinal);
        Assert.Equal("the passwords of last week", await System.IO.File.ReadAllTextAsync(file, Ct));
        Assert.Single(await HandOverAsync(Store(), null));
        Assert.Contains("No initial password is left", (await Assert.ThrowsAsync<InvalidSettingsException>(() => HandOverAsync(Store(), null))).Message, StringComparison.Ordinal);
    }

    private InitialPasswordStore Store() => new(File, keys, TimeProvider.System);

    private static async Task<IReadOnlyList<(string, string)>> HandOverAsync(InitialPasswordStore store, string[]? users)
    {
        IReadOnlyList<(string, string)> handed = [];
        await store.HandOverAsync(users, passwords =>
        {
            handed = passwords;
            return Task.CompletedTask;
        }, Ct);
        return handed;
    }
}
