/** A wait that ends after a time or when it is woken, whichever is first. A wake before the wait is not lost. */
export class Pause {
  #woken = false
  #end: (() => void) | undefined

  wake(): void {
    this.#woken = true
    this.#end?.()
  }

  /** Resolves to whether it was woken. */
  async wait(ms: number): Promise<boolean> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.#end = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#end = undefined
    }
    const woken = this.#woken
    this.#woken = false
    return woken
  }
}
