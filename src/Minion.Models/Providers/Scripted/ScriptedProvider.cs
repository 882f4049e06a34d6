using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Scripted;

/// <summary>A model that answers from a script: the first run, demos and tests work without a network.</summary>
internal sealed class ScriptedProvider : IModelProvider
{
    private const int MostScripts = 256;

    private readonly ConcurrentDictionary<string, ScriptParsing> _scripts = new();

    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition)
    {
        foreach (var (path, value) in new[] { ("model", definition.Model), ("url", definition.Url), ("api_key", definition.ApiKeyVariable) })
        {
            if (value is not null)
            {
                yield return (path, "is not used by the provider scripted; remove it.");
            }
        }

        if (definition.Script is not { } script)
        {
            yield return ("script", "is missing: the provider scripted answers from it.");
            yield break;
        }

        foreach (var (path, message) in Read(script).Errors)
        {
            yield return (path.Length == 0 ? "script" : $"script.{path}", message);
        }
    }

    public IChatClient Create(ModelDefinition definition, ProviderServices services) =>
        new ScriptedChatClient(Read(definition.Script!.Value).Script!, services.Time);

    /// <summary>Patterns are expensive to compile, and each call of a run asks for its model again.</summary>
    private ScriptParsing Read(JsonElement json)
    {
        var text = json.GetRawText();
        if (_scripts.TryGetValue(text, out var parsing))
        {
            return parsing;
        }

        if (_scripts.Count >= MostScripts)
        {
            _scripts.Clear();
        }

        return _scripts.GetOrAdd(text, _ => Script.Parse(json));
    }
}
