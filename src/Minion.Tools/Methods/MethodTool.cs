using System.Reflection;
using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Methods;

/// <summary>A C# method as a tool.</summary>
internal sealed class MethodTool : ITool
{
    private readonly MethodInfo _method;
    private readonly Func<object?> _target;
    private readonly MethodParameter[] _parameters;
    private readonly MethodResult _result;

    public MethodTool(ToolAttribute about, MethodInfo method, Func<object?> target)
    {
        (_method, _target) = (method, target);
        _parameters = [.. method.GetParameters().Select(MethodParameter.Of)];
        _result = MethodResult.Of(method);
        Description = new ToolDescription
        {
            Name = about.Name,
            Version = about.Version,
            Description = about.Description,
            Category = about.Category,
            Untrusted = about.Untrusted,
            InputSchema = MethodSchemas.Input(_parameters),
            OutputSchema = _result.Schema,
            Policy = new ToolPolicy(about.Effect) { Timeout = TimeSpan.FromSeconds(about.TimeoutSeconds), Permissions = about.Permissions, Capabilities = about.Capabilities },
        };
    }

    public ToolDescription Description { get; }

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var values = new object?[_parameters.Length];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = Value(_parameters[i], call, cancellationToken);
            }
            catch (Exception exception) when (exception is JsonException or NotSupportedException or FormatException or OverflowException)
            {
                return new ToolFailure(
                    Failure.Types.Kind.InvalidArguments,
                    $"'{_parameters[i].Argument}' is no {MethodSchemas.Word(_parameters[i].Type)} that can be used.",
                    "Correct the argument and call again.",
                    Retryable: false);
            }
        }

        return await _result.ReadAsync(_method.Invoke(_target(), BindingFlags.DoNotWrapExceptions, binder: null, values, culture: null));
    }

    private static object? Value(MethodParameter parameter, ToolCall call, CancellationToken cancellationToken) => parameter.Type switch
    {
        var type when type == typeof(CancellationToken) => cancellationToken,
        var type when type == typeof(ToolCall) => call,
        var type when type == typeof(Caller) => call.Caller,
        var type when call.Arguments.TryGetProperty(parameter.Argument, out var given) => given.Deserialize(type, MethodJson.Options),
        _ => parameter.Default,
    };
}

/// <summary>A parameter of a method.</summary>
/// <param name="Argument">Its name for the model.</param>
/// <param name="Type">What it takes.</param>
/// <param name="IsAsked">Whether the model gives it.</param>
/// <param name="IsRequired">Whether it must.</param>
/// <param name="Default">What it is otherwise.</param>
/// <param name="Info">The parameter itself.</param>
internal sealed record MethodParameter(string Argument, Type Type, bool IsAsked, bool IsRequired, object? Default, ParameterInfo Info)
{
    private static readonly Type[] OfTheCall = [typeof(CancellationToken), typeof(ToolCall), typeof(Caller)];

    public static MethodParameter Of(ParameterInfo parameter)
    {
        if (parameter.ParameterType.IsByRef || parameter.Name is null)
        {
            throw new InvalidOperationException($"The parameter '{parameter.Name}' of {parameter.Member.Name} cannot be an argument.");
        }

        return new MethodParameter(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name),
            parameter.ParameterType,
            !OfTheCall.Contains(parameter.ParameterType),
            !parameter.HasDefaultValue,
            parameter.HasDefaultValue ? DefaultOf(parameter) : null,
            parameter);
    }

    // For a value type "default" is given as null.
    private static object? DefaultOf(ParameterInfo parameter) => parameter.DefaultValue is { } value && parameter.ParameterType.IsEnum
        ? Enum.ToObject(parameter.ParameterType, value)
        : parameter.DefaultValue ?? (parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null);
}
