/** An error as the response pane prints it, message and extensions: a stack would only be noise there. */
export class ShownError extends Error {
  readonly extensions: Record<string, unknown>

  constructor(message: string, extensions: Record<string, unknown>) {
    super(message)
    delete this.stack
    this.extensions = extensions
  }
}
