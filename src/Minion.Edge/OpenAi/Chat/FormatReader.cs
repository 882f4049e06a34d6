using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>Reads <c>response_format</c>, or <c>text.format</c> of a response.</summary>
internal static class FormatReader
{
    public static void Read(Fields? given, ChatOptions options, bool nested)
    {
        if (given is not { } format)
        {
            return;
        }

        switch (format.RequiredText("type"))
        {
            case "text" or "":
                break;
            case "json_object":
                options.ResponseFormat = ChatResponseFormat.Json;
                break;
            case "json_schema":
                ReadSchema(format, options, nested);
                break;
            default:
                format.Wrong("type", "must be text, json_object or json_schema.");
                break;
        }
    }

    private static void ReadSchema(Fields format, ChatOptions options, bool nested)
    {
        if ((nested ? format.Object("json_schema") : format) is not { } schema)
        {
            format.Wrong("json_schema", "is missing.");
            return;
        }

        var name = schema.RequiredText("name");
        if (schema.Object("schema") is { } json)
        {
            options.ResponseFormat = ChatResponseFormat.ForJsonSchema(json.Json.Clone(), name, schema.Text("description"));
        }
        else if (schema.Get("schema") is null)
        {
            schema.Wrong("schema", "is missing.");
        }

        if (schema.Flag("strict") is { } strict)
        {
            (options.AdditionalProperties ??= [])[OptionNames.Strict] = strict;
        }
    }
}
