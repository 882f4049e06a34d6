using System.Net;
using System.Text;
using System.Text.Json;

namespace Minion.Tools.Sources.Cleaning;

/// <summary>What a source sends that must not be seen in what comes back: the values of all references in its settings, in the forms in which they travel.</summary>
internal sealed class SentSecrets
{
    private readonly TenantSecrets _secrets;
    private readonly Func<IEnumerable<string>> _others;
    private readonly string[] _texts;
    private readonly string[] _logins;

    /// <param name="settings">The source's settings.</param>
    /// <param name="secrets">Its tenant's.</param>
    /// <param name="others">What it sends besides, as it is now; null for nothing.</param>
    public SentSecrets(JsonElement settings, TenantSecrets secrets, Func<IEnumerable<string>>? others = null)
    {
        (_secrets, _others) = (secrets, others ?? (() => []));
        _texts = [.. Texts(settings).Where(text => SecretReferences.In(text).Any()).Distinct(StringComparer.Ordinal)];
        _logins = [.. Logins(settings)];
    }

    /// <summary>What it sends beside what its settings refer to.</summary>
    public IEnumerable<string> Others => _others();

    /// <summary>Takes them out of texts. They are read anew each time: a variable or a token may be another by now.</summary>
    public Cleaner Cleaner() => new(_texts.SelectMany(Values).Concat(_others()).SelectMany(Forms).Concat(_logins.SelectMany(Login)));

    public string Clean(string text) => Cleaner().Clean(text);

    private IEnumerable<string> Values(string text)
    {
        try
        {
            return [.. _secrets.ValuesIn(text)];
        }
        catch (ToolSourceException)
        {
            // What is not there has not been sent.
            return [];
        }
    }

    private IEnumerable<string> Login(string text)
    {
        try
        {
            return Base64(_secrets.Resolve(text).Trim());
        }
        catch (ToolSourceException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var value = secret.Trim();
        string[] forms = [value, Uri.EscapeDataString(value), WebUtility.HtmlEncode(value), JsonEncodedText.Encode(value).Value, .. Base64(value)];

        // A name with a password, as basic authentication takes them.
        return value.Split(':', 2) is [_, var password] && !password.StartsWith("//", StringComparison.Ordinal) ? forms.Append(password) : forms;
    }

    private static string[] Base64(string value)
    {
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(value)).TrimEnd('=');
        return [text, text.Replace('+', '-').Replace('/', '_')];
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };

    private static IEnumerable<string> Logins(JsonElement settings) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty("auth", out var auth) && auth.ValueKind == JsonValueKind.Object
        && auth.TryGetProperty("basic", out var basic) && basic.ValueKind == JsonValueKind.Object
        && basic.TryGetProperty("username", out var name) && basic.TryGetProperty("password", out var password)
            ? [$"{name}:{password}"]
            : [];
}
