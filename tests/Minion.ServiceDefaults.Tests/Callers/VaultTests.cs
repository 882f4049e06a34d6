using System.Text;
using Microsoft.Extensions.Configuration;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Tests.Callers;

public sealed class VaultTests
{
    [Fact]
    public void What_is_locked_is_opened_for_its_purpose_with_its_key_and_nothing_else()
    {
        var locked = Vault("a").Lock("geheim-4711 ü", "tokens of a");

        Encoding.Latin1.GetString(locked).ShouldNotContain("geheim");
        Vault("a").Unlock(locked, "tokens of a").ShouldBe("geheim-4711 ü");
        Vault("a").Unlock(locked, "tokens of b").ShouldBeNull();
        Vault("b").Unlock(locked, "tokens of a").ShouldBeNull();
    }

    [Fact]
    public void What_was_changed_is_not_opened()
    {
        var vault = Vault("a");
        var locked = vault.Lock("text", "x");

        for (var i = 0; i < locked.Length; i++)
        {
            byte[] changed = [.. locked];
            changed[i] ^= 1;
            vault.Unlock(changed, "x").ShouldBeNull();
            vault.Unlock(locked.AsSpan(0, i), "x").ShouldBeNull();
        }
    }

    [Fact]
    public void The_same_text_is_locked_differently_each_time() => Vault("a").Lock("text", "x").ShouldNotBe(Vault("a").Lock("text", "x"));

    private static Vault Vault(string key) =>
        new(new CallerKey(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Caller:Key", (string?)new string(key[0], 32))]).Build()));
}
