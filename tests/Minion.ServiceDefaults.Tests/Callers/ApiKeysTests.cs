using Microsoft.Extensions.Configuration;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Tests.Callers;

public sealed class ApiKeysTests
{
    private const string Ada = "Authentication:Keys:0:";
    private const string Bob = "Authentication:Keys:1:";

    [Fact]
    public void Each_key_makes_its_bearer_somebody_else()
    {
        var keys = ApiKeys.Read(Settings(
            ("MINION_API_KEY", "the-key-of-the-owner"),
            (Ada + "Name", "ada"), (Ada + "Key", "the-key-of-ada-0123"), (Ada + "Tenant", "acme"), (Ada + "Permissions:0", "tools:http_get"),
            (Bob + "Name", "batch"), (Bob + "KeyHash", Convert.ToHexString(ApiKeys.Hash("short"))), (Bob + "User", "bob")));
        keys.HolderOf("the-key-of-the-owner").ShouldBe(ApiKeys.Owner);
        var ada = keys.HolderOf("the-key-of-ada-0123").ShouldNotBeNull();
        (ada.Tenant, ada.Principal).ShouldBe(("acme", "user:ada"));
        ada.Permissions.ShouldBe(["tools:http_get"]);
        var bob = keys.HolderOf("short").ShouldNotBeNull();
        (bob.Tenant, bob.Principal).ShouldBe((Caller.DefaultTenant, "user:bob"));
        bob.May("anything").ShouldBeFalse();
        keys.HolderOf("the-key-of-ada-012").ShouldBeNull();
        keys.HolderOf("").ShouldBeNull();
    }

    [Theory]
    [InlineData("MINION_API_KEY")]
    [InlineData("Authentication:ApiKey")]
    public void A_key_that_is_too_short_is_refused_by_the_name_of_its_setting(string setting) =>
        Refusal((setting, "fifteen-letters")).ShouldBe($"{setting} has a key of 15 characters; it needs at least 16.");

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_and_no_key_with_it()
    {
        var message = Refusal(
            (Ada + "Name", ""), (Ada + "Key", "tiny-secret"), (Ada + "Tenant", "Not A Tenant"), (Ada + "Colour", "blue"),
            (Bob + "Name", "bob"), (Bob + "KeyHash", "abc"), ("Authentication:Keys:2:Name", "carol"));
        message.Split('\n').ShouldBe(
            [
                "Authentication:Keys:0:Colour is unknown; a key has Name, Key, KeyHash, Tenant, User, Permissions.",
                "Authentication:Keys:0:Name must have 1 to 63 printable characters: whom the key is for.",
                "Authentication:Keys:0:Tenant must have 1 to 63 lower-case letters, digits and hyphens.",
                "Authentication:Keys:0:Key has a key of 11 characters; it needs at least 16.",
                "Authentication:Keys:1:KeyHash must be a SHA-256 in hex, 64 digits.",
                "Authentication:Keys:2 needs either Key or KeyHash (its SHA-256 in hex).",
            ],
            ignoreOrder: true);
        message.ShouldNotContain("tiny-secret");
    }

    [Fact]
    public void The_same_key_twice_is_refused() => Refusal(
        ("MINION_API_KEY", "the-same-key-for-all"), (Ada + "Name", "ada"), (Ada + "Key", "the-same-key-for-all"))
        .ShouldBe("Authentication:Keys has the same key for the owner and ada; each needs its own.");

    [Fact]
    public void A_client_without_a_name_is_named_by_its_place() => Refusal(
        ("MINION_API_KEY", "the-key-of-the-owner"), (Ada + "Name", "ada"), (Ada + "Key", "the-key-of-ada-0123"), (Bob + "Key", "the-key-of-the-owner"))
        .ShouldBe("""
            Authentication:Keys:1:Name must have 1 to 63 printable characters: whom the key is for.
            Authentication:Keys has the same key for the owner and Authentication:Keys:1; each needs its own.
            """);

    [Fact]
    public void The_same_name_twice_is_refused() => Refusal(
        (Ada + "Name", "ada"), (Ada + "Key", "the-key-of-ada-0123"), (Bob + "Name", "ada"), (Bob + "Key", "the-other-key-of-ada"))
        .ShouldBe("Authentication:Keys has two clients of the name ada.");

    [Fact]
    public void Without_settings_there_is_none() => ApiKeys.Read(Settings(("MINION_API_KEY", " "))).Any.ShouldBeFalse();

    private static string Refusal(params (string, string)[] settings) => Should.Throw<Fault>(() => ApiKeys.Read(Settings(settings))).Message;

    private static IConfiguration Settings(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();
}
