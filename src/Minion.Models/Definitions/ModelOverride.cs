namespace Minion.Models;

/// <summary>
/// The two settings with which any OpenAI-compatible endpoint is used: <c>MINION_MODEL_URL</c> and <c>MINION_MODEL</c> in the server's
/// environment take the place of whatever is declared under the model name <c>default</c>; <c>MINION_MODEL_API_KEY</c> where the
/// endpoint asks for a key.
/// </summary>
public sealed class ModelOverride
{
    /// <summary>The setting with the endpoint's base address.</summary>
    public const string UrlVariable = "MINION_MODEL_URL";

    /// <summary>The setting with the model's name at that endpoint.</summary>
    public const string ModelVariable = "MINION_MODEL";

    /// <summary>The variable with the endpoint's key.</summary>
    public const string KeyVariable = "MINION_MODEL_API_KEY";

    private ModelOverride(ModelDefinition? definition) => Definition = definition;

    /// <summary>What stands in for the model <c>default</c>; null when the settings are absent.</summary>
    public ModelDefinition? Definition { get; }

    /// <summary>The definition that is really used: this one's when <paramref name="declared"/> is the default model, else the declared one.</summary>
    public ModelDefinition Apply(ModelDefinition declared) =>
        Definition is not null && declared.Name == ModelDefinition.DefaultName
            ? Definition with { Timeout = declared.Timeout, IdleTimeout = declared.IdleTimeout, Cache = declared.Cache }
            : declared;

    /// <summary>Reads the settings.</summary>
    /// <param name="setting">Gives a setting by its name; null or empty when it is absent.</param>
    /// <exception cref="ModelException">One of the two is missing or wrong (<see cref="ModelErrorKind.InvalidRequest"/>).</exception>
    public static ModelOverride Read(Func<string, string?> setting)
    {
        var url = setting(UrlVariable)?.Trim() ?? "";
        var model = setting(ModelVariable)?.Trim() ?? "";
        if (url.Length == 0 && model.Length == 0)
        {
            return new ModelOverride(null);
        }

        if (url.Length == 0 || model.Length == 0)
        {
            var (given, missing) = url.Length == 0 ? (ModelVariable, UrlVariable) : (UrlVariable, ModelVariable);
            throw Wrong($"{given} is set but {missing} is not.", $"Set both, for example {UrlVariable}=http://localhost:11434/v1 and {ModelVariable}=qwen3:8b, or neither.");
        }

        var definition = new ModelDefinition
        {
            Name = ModelDefinition.DefaultName,
            Provider = ModelProviders.OpenAiCompatible,
            Url = url,
            Model = model,
            ApiKeyVariable = string.IsNullOrWhiteSpace(setting(KeyVariable)) ? null : KeyVariable,
        };
        var errors = definition.Validate();
        return errors.Count == 0
            ? new ModelOverride(definition)
            : throw Wrong(string.Join(" ", errors.Select(e => $"{NameOf(e.Path)}: {e.Message}")), "Correct the setting and start the server again.");
    }

    private static string NameOf(string path) => path switch { "url" => UrlVariable, "model" => ModelVariable, _ => path };

    private static ModelException Wrong(string message, string hint) => new(ModelErrorKind.InvalidRequest, message, hint);
}
