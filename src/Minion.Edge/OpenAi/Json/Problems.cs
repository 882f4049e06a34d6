using Minion.Edge.OpenAi.Errors;

namespace Minion.Edge.OpenAi.Json;

/// <summary>Collects everything that is wrong with a request, so that the client hears of all of it at once.</summary>
internal sealed class Problems
{
    private const int Most = 20;

    private List<(string Path, string Message)>? _found;

    public void Add(string path, string message)
    {
        _found ??= [];
        if (_found.Count < Most)
        {
            _found.Add((path, message));
        }
    }

    /// <exception cref="ApiErrorException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (_found is not null)
        {
            throw new ApiErrorException(ApiError.Invalid(_found[0].Path, string.Join(" ", _found.Select(p => $"{p.Path}: {p.Message}"))));
        }
    }
}
