namespace Minion.Models.Providers.Http;

/// <summary>Reads the endpoint's key at the moment of the call. Its value appears in no message, log or exception.</summary>
internal static class ApiKey
{
    /// <summary>The key; null when the definition names none.</summary>
    /// <exception cref="ModelException">The variable is not set or holds no key.</exception>
    public static string? Read(ModelDefinition definition, Func<string, string?> variable)
    {
        if (definition.ApiKeyVariable is not { } name)
        {
            return null;
        }

        var key = variable(name)?.Trim() ?? "";
        if (key.Length == 0)
        {
            throw new ModelException(
                ModelErrorKind.BadKey,
                $"{definition.Described()} needs a key, but the variable {name} is not set in the server's environment.",
                $"Set {name} where the server runs and start it again.");
        }

        return key.All(c => c is > ' ' and <= '~')
            ? key
            : throw new ModelException(
                ModelErrorKind.BadKey,
                $"The variable {name} for {definition.Described()} holds characters that no key has (spaces, line breaks or letters beyond ASCII).",
                $"Set {name} to the key alone, without quotes or line breaks.");
    }

    /// <summary>A text that came from outside, without the key in it.</summary>
    public static string Hide(string text, string? key) => key is null ? text : text.Replace(key, "***", StringComparison.Ordinal);
}
