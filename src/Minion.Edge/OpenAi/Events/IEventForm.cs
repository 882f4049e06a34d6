using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Errors;

namespace Minion.Edge.OpenAi.Events;

/// <summary>The form that an answer has as a stream of events. Of one answer: it keeps what was said so far.</summary>
internal interface IEventForm
{
    /// <summary>What comes before the answer's first part.</summary>
    void Begin(EventWriter events);

    /// <summary>A part of a choice.</summary>
    void Part(EventWriter events, int choice, ChatResponseUpdate update);

    /// <summary>What comes after the last part.</summary>
    void End(EventWriter events);

    /// <summary>The end of an answer that broke off.</summary>
    void Fail(EventWriter events, ApiError error);
}
