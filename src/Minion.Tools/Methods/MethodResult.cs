using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Tools.Methods;

/// <summary>What a method gives: itself when that is an object, else as the member <c>result</c> of one.</summary>
/// <param name="Type">The type of the value; null when there is none.</param>
/// <param name="Schema">The output schema.</param>
/// <param name="IsWrapped">Whether it is a member of an object.</param>
internal sealed record MethodResult(Type? Type, string Schema, bool IsWrapped)
{
    private const string Anything = """{"type":"object"}""";
    private const string Done = """{"type":"object","properties":{"done":{"const":true}},"required":["done"],"additionalProperties":false}""";

    public static MethodResult Of(MethodInfo method)
    {
        var type = Awaited(method.ReturnType);
        if (type is null)
        {
            return new MethodResult(null, Done, IsWrapped: false);
        }

        if (typeof(ToolOutcome).IsAssignableFrom(type))
        {
            return new MethodResult(type, Anything, IsWrapped: false);
        }

        var schema = MethodSchemas.Of(type, under: "");
        if (schema is JsonObject described && described["type"] is JsonValue kind && kind.ToString() == "object")
        {
            return new MethodResult(type, described.ToJsonString(), IsWrapped: false);
        }

        var wrapped = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["result"] = MethodSchemas.Of(type, under: "/properties/result", mayBeNull: true) },
            ["required"] = new JsonArray("result"),
        };
        return new MethodResult(type, wrapped.ToJsonString(), IsWrapped: true);
    }

    public async ValueTask<ToolOutcome> ReadAsync(object? returned)
    {
        var value = await AwaitAsync(returned);
        if (value is ToolOutcome outcome)
        {
            return outcome;
        }

        if (Type is null)
        {
            return new ToolResult(JsonElement.Parse("""{"done":true}"""));
        }

        var json = JsonSerializer.SerializeToNode(value, Type, MethodJson.Options);
        return new ToolResult(JsonElement.Parse((IsWrapped ? new JsonObject { ["result"] = json } : json)?.ToJsonString(MethodJson.Options) ?? "null"));
    }

    private static Type? Awaited(Type type)
    {
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask))
        {
            return null;
        }

        return type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
    }

    private static async ValueTask<object?> AwaitAsync(object? returned)
    {
        if (returned?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            returned = type.GetMethod("AsTask")!.Invoke(returned, null);
        }

        switch (returned)
        {
            case ValueTask plain:
                await plain;
                return null;
            case Task task:
                await task;
                return ResultOf(task);
            default:
                return returned;
        }
    }

    // A task without a value is at run time one of a type that cannot be named.
    private static object? ResultOf(Task task) => task.GetType().GetProperty("Result") is { } result && result.PropertyType.Name != "VoidTaskResult"
        ? result.GetValue(task)
        : null;
}
