using System.Buffers.Text;
using System.Text;
using Minion.Contracts.Faults;

namespace Minion.Orchestration.Paging;

/// <summary>Where the next page begins: the key of the last row, opaque to callers. Bound to the kind of list that it was made for.</summary>
internal static class PageToken
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Make(string list, string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{list}:{key}"));

    /// <summary>The key; empty for the first page. A token that is not one of this list is noted in <paramref name="violations"/>.</summary>
    public static string Read(string list, string token, Violations violations)
    {
        if (token.Length == 0)
        {
            return "";
        }

        try
        {
            var text = token.Length <= 1000 ? Strict.GetString(Base64Url.DecodeFromChars(token)) : "";
            if (text.StartsWith(list + ":", StringComparison.Ordinal) && !text.Any(char.IsControl))
            {
                return text[(list.Length + 1)..];
            }
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            // Told below, as any other token that this list did not give.
        }

        violations.Add("page_token", "is not the next_page_token of an earlier answer of this list.");
        return "";
    }
}
