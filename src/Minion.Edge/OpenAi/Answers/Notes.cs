using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models;

namespace Minion.Edge.OpenAi.Answers;

/// <summary>
/// What Minion says about an answer beside it: everything that the gateway gave under a name with the prefix <c>minion.</c>. It leaves as the
/// field <c>minion</c> of the answer, which clients that do not know it ignore.
/// </summary>
internal sealed class Notes
{
    private const string Prefix = "minion.";

    private SortedDictionary<string, object>? _notes;

    public bool Any => _notes is not null;

    public void Add(AdditionalPropertiesDictionary? properties)
    {
        foreach (var (name, value) in properties ?? [])
        {
            if (value is not null && name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                Set(name[Prefix.Length..], value);
            }
        }
    }

    public void Add(AdditionalPropertiesDictionary<long>? counts)
    {
        foreach (var (name, value) in counts ?? [])
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                Set(name[Prefix.Length..], value);
            }
        }
    }

    public void Add(Notes others)
    {
        foreach (var (name, value) in others._notes ?? [])
        {
            Set(name, value);
        }
    }

    public void Set(string name, object value) => (_notes ??= new SortedDictionary<string, object>(StringComparer.Ordinal))[name] = value;

    /// <summary>The field, when there is something to say.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        if (_notes is null)
        {
            return;
        }

        writer.WriteStartObject("minion");
        foreach (var (name, value) in _notes)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CacheHit hit)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", hit.Kind.ToString().ToLowerInvariant());
        writer.WriteNumber("similarity", hit.Similarity);
        writer.WriteNumber("age_seconds", Math.Round(hit.Age.TotalSeconds, 3));
        writer.WriteBoolean("stale", hit.Stale);
        writer.WriteNumber("saved_input_tokens", hit.SavedInputTokens);
        writer.WriteNumber("saved_output_tokens", hit.SavedOutputTokens);
        if (hit.SavedUsd is { } usd)
        {
            writer.WriteNumber("saved_usd", usd);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case CacheHit hit:
                Write(writer, hit);
                break;
            case JsonElement json:
                json.WriteTo(writer);
                break;
            case System.Text.Json.Nodes.JsonNode json:
                json.WriteTo(writer);
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
