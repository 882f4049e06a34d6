using Minion.Models.Providers.Local;

namespace Minion.Models.Providers.Mistral;

/// <summary>Ids of tool calls as Mistral takes them: exactly nine letters and digits. Others (of another provider's answer) are replaced, always by the same.</summary>
internal static class MistralCallIds
{
    private const int Length = 9;
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string Of(string id) => id.Length == Length && id.All(char.IsAsciiLetterOrDigit)
        ? id
        : string.Create(Length, StableHash.Of(id), static (letters, hash) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                letters[i] = Letters[(int)(hash % (ulong)Letters.Length)];
                hash /= (ulong)Letters.Length;
            }
        });
}
