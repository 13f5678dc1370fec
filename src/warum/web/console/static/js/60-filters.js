// A filter bar leaves out of the address what was left empty.
addEventListener('formdata', (event) => {
  if (!event.target.matches('form.filters')) return
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name)
})
