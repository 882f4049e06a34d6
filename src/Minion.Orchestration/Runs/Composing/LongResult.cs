using System.Globalization;
using System.Text.Json;

namespace Minion.Orchestration.Runs.Composing;

/// <summary>A result that was cut, as the model sees it. Texts say where they were cut; of lists nothing would tell.</summary>
internal static class LongResult
{
    /// <param name="result">The JSON that was left of it.</param>
    /// <param name="bytes">Of the whole.</param>
    /// <param name="kept">The id under which the whole is read in pages.</param>
    public static string ForModel(string result, long bytes, string kept)
    {
        if (result.Contains(kept, StringComparison.Ordinal))
        {
            return result;
        }

        var note = string.Create(CultureInfo.InvariantCulture, $"This is a part of the result, which has {bytes} bytes; read_result gives all of it in pages, id {kept}");
        var text = result.AsSpan().TrimEnd();
        return text is ['{', .. var members, '}']
            ? $"{{{members}{(members.IsWhiteSpace() ? "" : ",")}\"left_out\":\"{JsonEncodedText.Encode(note)}\"}}"
            : $"{result}\n[{note}]";
    }
}
